//! Lists the scenes and coatings of the library, so that the program holds the text of each.
//!
//! One is added by its file alone. `scene/embedded.rs` reads the lists.

use std::path::Path;
use std::{env, fs, io};

/// Folders and the file that lists each.
const FOLDERS: [(&str, &str); 2] = [("scenes/teaching", "scenes.rs"), ("assets/coatings", "coatings.rs")];

fn main() -> io::Result<()> {
    let root = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    for (folder, list) in FOLDERS {
        println!("cargo::rerun-if-changed={folder}");
        fs::write(Path::new(&out).join(list), files_of(&root, folder)?)?;
    }
    Ok(())
}

/// A list of the paths and texts of the RON files in a folder, by name, as Rust.
fn files_of(root: &str, folder: &str) -> io::Result<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(Path::new(root).join(folder))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".ron") {
            names.push(name);
        }
    }
    names.sort();
    let mut list = String::from("&[\n");
    for name in names {
        let file = Path::new(root).join(folder).join(&name);
        list += &format!("    ({:?}, include_str!({file:?})),\n", format!("{folder}/{name}"));
    }
    Ok(list + "]\n")
}
