//! Prints file, full-resolution hash, its quality, 512 hash and its quality, one line per file:
//! `cargo run --release --example hash_files -- FILE…`.

use pdq::{Limits, Outcome, hash_bytes};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for file in std::env::args().skip(1) {
        let bytes = std::fs::read(&file)?;
        match hash_bytes(&bytes, &Limits::default()) {
            Ok(Outcome::Hashed(hashes)) => println!(
                "{file} {} {} {} {}",
                hashes.full.hash, hashes.full.quality, hashes.reduced.hash, hashes.reduced.quality
            ),
            Ok(Outcome::NotHashable(why)) => println!("{file} not hashable: {why}"),
            Err(error) => println!("{file} not decodable: {error}"),
        }
    }
    Ok(())
}
