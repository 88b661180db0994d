//! Is there anything to draw with, and anywhere to show it?
//!
//! Does: ask before a Bevy app starts, because a missing driver or library ends that with a panic.
//! Does not: choose an adapter (Bevy does), nor open a window.

use std::task::{Context, Poll, Waker};

/// Nothing to draw with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AdapterError {
    /// No Vulkan loader or no driver.
    #[error(
        "no graphics adapter: there is no Vulkan driver on this machine, not even a software one; install one with \
         `apt install libvulkan1 mesa-vulkan-drivers` (Debian, Ubuntu), `dnf install vulkan-loader mesa-vulkan-drivers` \
         (Fedora) or `pacman -S vulkan-icd-loader vulkan-swrast` (Arch)"
    )]
    Missing,
}

/// Nowhere to show a window.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DisplayError {
    /// Neither `DISPLAY` nor `WAYLAND_DISPLAY` is set.
    #[error(
        "no display: neither WAYLAND_DISPLAY nor DISPLAY is set; start from a graphical session, use `ssh -X`, or run under \
         a virtual screen with `xvfb-run` (Debian: `apt install xvfb`; Fedora: `dnf install xorg-x11-server-Xvfb`; Arch: \
         `pacman -S xorg-server-xvfb`)"
    )]
    NotSet,
    /// The variable is set, but no display server answers.
    #[error(
        "no display: no display server answers at {variable}={value}; log in to a graphical session, or correct or unset {variable} \
         (the same on Debian, Fedora and Arch)"
    )]
    NotAnswering {
        /// The environment variable.
        variable: &'static str,
        /// Its value.
        value: String,
    },
    /// A library that windows need is missing.
    #[error(
        "no window without {library}: install the libraries with `apt install {debian}` (Debian, Ubuntu), \
         `dnf install {fedora}` (Fedora) or `pacman -S {arch}` (Arch)"
    )]
    Library {
        /// The shared library.
        library: &'static str,
        /// Packages on Debian.
        debian: &'static str,
        /// Packages on Fedora.
        fedora: &'static str,
        /// Packages on Arch.
        arch: &'static str,
    },
}

/// Asks the system for a graphics adapter; on success returns its name.
pub fn check_adapter() -> Result<String, AdapterError> {
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
        backends: wgpu::Backends::VULKAN,
        flags: wgpu::InstanceFlags::empty(),
        ..wgpu::InstanceDescriptor::new_without_display_handle()
    });
    // On native platforms the answer is there at the first poll, so no executor is needed.
    let mut request = std::pin::pin!(instance.enumerate_adapters(wgpu::Backends::VULKAN));
    let adapters = match request.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(adapters) => adapters,
        Poll::Pending => Vec::new(),
    };
    adapters.first().map(|adapter| adapter.get_info().name).ok_or(AdapterError::Missing)
}

/// Asks whether a window could be opened. Where Wayland does not answer but X11 does, the window goes to X11:
/// then `WAYLAND_DISPLAY` is taken out of the environment, so call this before any other thread runs.
#[cfg(target_os = "linux")]
pub fn check_display() -> Result<(), DisplayError> {
    let server = linux::check(std::env::var("WAYLAND_DISPLAY").ok(), std::env::var("DISPLAY").ok())?;
    if server == linux::Server::X11 && std::env::var_os("WAYLAND_DISPLAY").is_some() {
        // SAFETY: the window is opened by the first thread before it starts others. winit knows no other way
        // to be told.
        unsafe { std::env::remove_var("WAYLAND_DISPLAY") };
    }
    Ok(())
}

/// Asks whether a window could be opened; there is nothing to miss on this platform.
#[cfg(not(target_os = "linux"))]
pub fn check_display() -> Result<(), DisplayError> {
    Ok(())
}

#[cfg(target_os = "linux")]
mod linux {
    use super::DisplayError;
    use std::ffi::{CStr, CString, c_char, c_int, c_void};
    use std::path::{Path, PathBuf};

    const RTLD_NOW: c_int = 2;

    unsafe extern "C" {
        fn dlopen(file: *const c_char, flags: c_int) -> *mut c_void;
        fn dlsym(library: *mut c_void, symbol: *const c_char) -> *mut c_void;
    }

    fn load(library: &str) -> Option<*mut c_void> {
        let name = CString::new(library).ok()?;
        // SAFETY: `name` is a valid C string. The libraries named in this file have harmless initialisers and
        // are never unloaded, as the window would load them anyway.
        let handle = unsafe { dlopen(name.as_ptr(), RTLD_NOW) };
        (!handle.is_null()).then_some(handle)
    }

    /// What shows windows.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Server {
        Wayland,
        X11,
    }

    /// Wayland where its variable is set and it answers, else X11. The error is about the first that was
    /// asked.
    pub fn check(wayland: Option<String>, x11: Option<String>) -> Result<Server, DisplayError> {
        let set = |value: Option<String>| value.filter(|value| !value.is_empty());
        let wayland = set(wayland).map(check_wayland);
        if let Some(Ok(())) = wayland {
            return Ok(Server::Wayland);
        }
        match (wayland, set(x11).map(check_x11)) {
            (_, Some(Ok(()))) => Ok(Server::X11),
            (Some(Err(error)), _) | (None, Some(Err(error))) => Err(error),
            (Some(Ok(())), _) => Ok(Server::Wayland),
            (None, None) => Err(DisplayError::NotSet),
        }
    }

    fn check_wayland(value: String) -> Result<(), DisplayError> {
        for library in ["libwayland-client.so.0", "libxkbcommon.so.0"] {
            if load(library).is_none() {
                return Err(DisplayError::Library {
                    library,
                    debian: "libwayland-client0 libxkbcommon0",
                    fedora: "libwayland-client libxkbcommon",
                    arch: "wayland libxkbcommon",
                });
            }
        }
        let socket = if Path::new(&value).is_absolute() {
            PathBuf::from(&value)
        } else {
            PathBuf::from(std::env::var_os("XDG_RUNTIME_DIR").unwrap_or_default()).join(&value)
        };
        match std::os::unix::net::UnixStream::connect(socket) {
            Ok(_) => Ok(()),
            Err(_) => Err(DisplayError::NotAnswering { variable: "WAYLAND_DISPLAY", value }),
        }
    }

    fn check_x11(value: String) -> Result<(), DisplayError> {
        let missing = |library| DisplayError::Library {
            library,
            debian: "libx11-6 libx11-xcb1 libxcursor1 libxi6 libxkbcommon-x11-0",
            fedora: "libX11 libX11-xcb libXcursor libXi libxkbcommon-x11",
            arch: "libx11 libxcursor libxi libxkbcommon-x11",
        };
        let display_library = load("libX11.so.6").ok_or(missing("libX11.so.6"))?;
        for library in
            ["libX11-xcb.so.1", "libXcursor.so.1", "libXi.so.6", "libxkbcommon.so.0", "libxkbcommon-x11.so.0"]
        {
            load(library).ok_or(missing(library))?;
        }
        if opens(display_library, &value) {
            Ok(())
        } else {
            Err(DisplayError::NotAnswering { variable: "DISPLAY", value })
        }
    }

    /// Opens and closes a connection to the X server.
    fn opens(library: *mut c_void, display: &str) -> bool {
        let Ok(name) = CString::new(display) else { return false };
        let find = |symbol: &CStr| {
            // SAFETY: `library` is a live handle and `symbol` a valid C string.
            unsafe { dlsym(library, symbol.as_ptr()) }
        };
        let (open, close) = (find(c"XOpenDisplay"), find(c"XCloseDisplay"));
        if open.is_null() || close.is_null() {
            return false;
        }
        // SAFETY: Xlib has exported these two functions with these signatures since X11R1.
        unsafe {
            let open: unsafe extern "C" fn(*const c_char) -> *mut c_void = std::mem::transmute(open);
            let close: unsafe extern "C" fn(*mut c_void) -> c_int = std::mem::transmute(close);
            let connection = open(name.as_ptr());
            if connection.is_null() {
                return false;
            }
            close(connection);
        }
        true
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn without_a_display_the_message_says_how_to_get_one() {
            let error = check(None, Some(String::new())).unwrap_err();
            assert_eq!(error, DisplayError::NotSet);
            let text = error.to_string();
            for word in ["DISPLAY", "apt install", "dnf install", "pacman -S"] {
                assert!(text.contains(word), "{text}");
            }
        }

        #[test]
        fn a_display_that_does_not_answer_is_an_error_and_not_a_panic() {
            // Display 9731 exists nowhere; without libX11 the answer is the missing library, which is right
            // too.
            let error = check(None, Some(":9731".into())).unwrap_err();
            assert!(
                matches!(error, DisplayError::NotAnswering { .. } | DisplayError::Library { .. }),
                "{error}"
            );
        }

        #[test]
        fn x11_is_asked_where_wayland_does_not_answer() {
            // Neither answers: the error is about Wayland, which was asked first.
            let nowhere = || Some("natrarium-no-such-socket".to_owned());
            let error = check(nowhere(), Some(":9731".into())).unwrap_err().to_string();
            assert!(error.contains("WAYLAND_DISPLAY") || error.contains("libwayland"), "{error}");
            let display = std::env::var("DISPLAY").ok();
            if check(None, display.clone()).is_ok() {
                assert_eq!(check(nowhere(), display), Ok(Server::X11));
            }
        }

        #[test]
        fn a_missing_library_is_seen() {
            assert!(load("libnatrarium-does-not-exist.so.0").is_none());
            assert!(load("libc.so.6").is_some());
        }
    }
}
