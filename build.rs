//! Lists the scenes of the library, so that the program holds the text of each.
//!
//! A scene is added by its file alone. `scene/library.rs` reads the list.

use std::path::Path;
use std::{env, fs, io};

const FOLDER: &str = "scenes/teaching";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed={FOLDER}");
    let root = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let mut names = Vec::new();
    for entry in fs::read_dir(Path::new(&root).join(FOLDER))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".ron") {
            names.push(name);
        }
    }
    names.sort();
    let mut list = String::from("&[\n");
    for name in names {
        let file = Path::new(&root).join(FOLDER).join(&name);
        list += &format!("    ({:?}, include_str!({file:?})),\n", format!("{FOLDER}/{name}"));
    }
    list += "]\n";
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    fs::write(Path::new(&out).join("scenes.rs"), list)
}
