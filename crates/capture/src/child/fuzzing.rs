//! The readers of foreign bytes, opened up for the fuzz targets and for nobody else.

use url::Url;

use super::{css, data_address, html, picture};
use crate::visit::{Account, Ending};
use crate::wire::{Caps, read_frame, read_version};

/// The most bytes of one picture in these frames.
const PICTURE_MAX: u32 = 64 * 1024;

/// Where everything was found.
fn found_at() -> Option<Url> {
    Url::parse("http://page.example/a/b.html?c=d").ok()
}

/// A page, as the plain visitor scans it.
pub fn page(text: &str) {
    if let Some(address) = found_at() {
        let _ = html::named_by(text, &address);
    }
}

/// A style sheet, as the plain visitor scans it.
pub fn style_sheet(text: &str) {
    let _ = css::addresses(text);
    if let Some(address) = found_at() {
        let _ = html::named_by_sheet(text, &address);
    }
}

/// A `data:` address.
pub fn data(address: &str) {
    let _ = data_address::bytes_of(address);
}

/// A picture, as the child decodes it and makes its previews.
pub fn examined(bytes: &[u8]) {
    let _ = picture::examine(bytes);
}

/// What a child says, as its parent reads it to the account of a visit.
pub async fn heard(mut bytes: &[u8]) {
    let Some(address) = found_at() else {
        return;
    };
    let mut account = Account::new(Caps {
        pictures: 8,
        picture_bytes: PICTURE_MAX,
        total_bytes: 4 * u64::from(PICTURE_MAX),
    });
    if read_version(&mut bytes).await.is_err() {
        return;
    }
    while let Ok(Some(frame)) = read_frame(&mut bytes, PICTURE_MAX).await {
        if account.take(frame).is_err() || account.is_done() {
            break;
        }
    }
    let _ = account.into_visited(&address, Ending::Heard);
}

/// What a child says that was given bytes, as its parent reads it.
pub async fn examined_again(mut bytes: &[u8]) {
    if read_version(&mut bytes).await.is_err() {
        return;
    }
    if let Ok(Some(frame)) = read_frame(&mut bytes, 0).await {
        let _ = crate::visit::examined(&frame);
    }
}

/// The pictures ffmpeg hands over of a video, as they are read and hashed.
pub fn film_frames(bytes: &[u8]) {
    let _ = super::film::fuzzed_frames(bytes);
}
