//! How much memory a run may take.
//!
//! Does: ask Linux for what is free, for the limit of the process (`ulimit -v`) and for those of its control
//! groups, as containers and batch systems set them.
//! Does not: ask other systems.
//! Accuracy: a moment's look; what others take later is not known.

use std::fs::read_to_string;
use std::path::Path;

/// Bytes that can still be had, by the narrowest limit.
pub(super) fn available_bytes() -> Option<f64> {
    [free(), left_of_the_process(), left_of_the_groups(Path::new("/sys/fs/cgroup"))]
        .into_iter()
        .flatten()
        .reduce(f64::min)
}

/// A number after a name at the start of a line, in the unit of the file.
fn field(text: &str, name: &str) -> Option<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

fn free() -> Option<f64> {
    Some(1024.0 * field(&read_to_string("/proc/meminfo").ok()?, "MemAvailable:")?)
}

fn left_of_the_process() -> Option<f64> {
    // "unlimited" is no number.
    let most = field(&read_to_string("/proc/self/limits").ok()?, "Max address space")?;
    let taken = 1024.0 * field(&read_to_string("/proc/self/status").ok()?, "VmSize:")?;
    Some((most - taken).max(0.0))
}

/// Of the process's group and all groups that it lies in, in either version.
fn left_of_the_groups(root: &Path) -> Option<f64> {
    let groups = read_to_string("/proc/self/cgroup").ok()?;
    let lines = groups.lines().filter_map(|line| {
        let mut parts = line.splitn(3, ':').skip(1);
        Some((parts.next()?, parts.next()?))
    });
    lines
        .flat_map(|(kinds, group)| {
            let (base, names) = if kinds.is_empty() {
                (root.to_path_buf(), ["memory.max", "memory.current"])
            } else {
                (root.join("memory"), ["memory.limit_in_bytes", "memory.usage_in_bytes"])
            };
            let of_memory = kinds.is_empty() || kinds.split(',').any(|kind| kind == "memory");
            let group = Path::new(group.trim_start_matches('/'));
            let folders = group.ancestors().filter(move |_| of_memory).map(move |at| base.join(at));
            folders.filter_map(move |folder| left_of_a_group(&folder, names))
        })
        .reduce(f64::min)
}

fn left_of_a_group(folder: &Path, [most, taken]: [&str; 2]) -> Option<f64> {
    let number = |name: &str| read_to_string(folder.join(name)).ok()?.trim().parse::<f64>().ok();
    // Of what is taken, the kernel gives back what it keeps of files.
    let files =
        read_to_string(folder.join("memory.stat")).ok().and_then(|text| field(&text, "inactive_file"));
    Some((number(most)? - number(taken)? + files.unwrap_or(0.0)).max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_narrowest_limit_of_a_group_counts() {
        let place = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| std::fs::write(place.path().join(name), text).unwrap();
        write("memory.max", "1000\n");
        write("memory.current", "700\n");
        assert_eq!(left_of_a_group(place.path(), ["memory.max", "memory.current"]), Some(300.0));
        write("memory.stat", "anon 5\ninactive_file 200\n");
        assert_eq!(left_of_a_group(place.path(), ["memory.max", "memory.current"]), Some(500.0));
        write("memory.max", "max\n");
        assert_eq!(left_of_a_group(place.path(), ["memory.max", "memory.current"]), None);
        assert!(available_bytes().is_none_or(|bytes| bytes > 0.0));
    }

    #[test]
    fn numbers_of_the_kernel_are_found_by_name() {
        let limits = "Limit   Soft\nMax address space         500000   unlimited   bytes\n";
        assert_eq!(field(limits, "Max address space"), Some(500_000.0));
        assert_eq!(field("Max address space   unlimited  unlimited", "Max address space"), None);
    }
}
