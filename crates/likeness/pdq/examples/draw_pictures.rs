//! Writes the drawn pictures of the tests as PPM and PGM files, for other programs to hash:
//! `cargo run --release --example draw_pictures -- FOLDER`.

use std::path::PathBuf;

#[path = "../tests/drawn/mod.rs"]
mod drawn;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("name a folder")?);
    std::fs::create_dir_all(&folder)?;
    for number in 0..drawn::COUNT {
        let picture = drawn::draw(number);
        let (magic, ending) = if picture.channels == 3 {
            ("P6", "ppm")
        } else {
            ("P5", "pgm")
        };
        let mut file = format!("{magic}\n{} {}\n255\n", picture.width, picture.height).into_bytes();
        file.extend(picture.bytes);
        std::fs::write(folder.join(format!("{number:03}.{ending}")), file)?;
    }
    Ok(())
}
