//! The picture of a whole page, taken in strips: at once, a tall page would take more memory than a
//! visit may, in the browser that draws it and in every process that is handed it.

use std::io::Cursor;
use std::time::Duration;

use data_encoding::BASE64;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ImageFormat, ImageReader, RgbImage, imageops};
use serde_json::{Value, json};

use crate::child::watch::Watch;

/// The tallest screenshot, in CSS pixels.
const HEIGHT: u32 = 8_000;
/// The widest, in CSS pixels.
const WIDTH: u32 = 2_560;
/// The tallest strip, in CSS pixels: about three windows.
const STRIP: u32 = 2_000;
/// How long a strip may take before the page's scripts are taken from it, and after.
const FIRST: Duration = Duration::from_secs(3);
const SECOND: Duration = Duration::from_secs(5);

/// The whole page as PNG, as far down as is allowed. A page whose scripts are in the way loses
/// them first, and for good when the first try fails.
pub async fn taken(watch: &Watch) -> Option<Vec<u8>> {
    let (shouting, idle) = {
        let seen = watch.seen();
        (seen.shouted(), seen.loaded)
    };
    if shouting || !idle {
        watch.silence();
    }
    if let Some(png) = whole(watch, FIRST).await {
        return Some(png);
    }
    watch.silence();
    whole(watch, SECOND).await
}

async fn whole(watch: &Watch, patience: Duration) -> Option<Vec<u8>> {
    let none = json!({});
    let metrics = asked(watch, "Page.getLayoutMetrics", none, patience).await?;
    let side = |name: &str, most: u32| {
        let told = metrics["cssContentSize"][name].as_f64().unwrap_or(1.0);
        told.clamp(1.0, f64::from(most)).ceil() as u32
    };
    let (width, height) = (side("width", WIDTH), side("height", HEIGHT));
    let mut strips = Vec::new();
    for top in (0..height).step_by(STRIP as usize) {
        let size = (width, STRIP.min(height - top));
        strips.push((top, strip(watch, top, size, patience).await?));
    }
    if let [(_, only)] = &mut strips[..] {
        return Some(std::mem::take(only));
    }
    let joined = tokio::task::spawn_blocking(move || joined(&strips, (width, height)));
    joined.await.ok()?
}

/// One strip, of this size from `top` on, as PNG.
async fn strip(
    watch: &Watch,
    top: u32,
    (width, height): (u32, u32),
    patience: Duration,
) -> Option<Vec<u8>> {
    let shot = json!({
        "format": "png",
        "captureBeyondViewport": true,
        "optimizeForSpeed": true,
        "clip": { "x": 0, "y": top, "scale": 1, "width": width, "height": height },
    });
    let answer = asked(watch, "Page.captureScreenshot", shot, patience).await?;
    BASE64.decode(answer["data"].as_str()?.as_bytes()).ok()
}

async fn asked(
    watch: &Watch,
    method: &'static str,
    params: Value,
    patience: Duration,
) -> Option<Value> {
    let answer = watch.cdp.call(&watch.session, method, params, patience);
    answer.await.ok()
}

/// Strips below one another, each from its own row on; none when one of them cannot be read.
fn joined(strips: &[(u32, Vec<u8>)], (width, height): (u32, u32)) -> Option<Vec<u8>> {
    let mut page = RgbImage::new(width, height);
    for (top, png) in strips {
        let mut reader = ImageReader::with_format(Cursor::new(png), ImageFormat::Png);
        let mut limits = image::Limits::default();
        limits.max_image_width = Some(width);
        limits.max_image_height = Some(STRIP);
        reader.limits(limits);
        let strip = reader.decode().ok()?.into_rgb8();
        imageops::replace(&mut page, &strip, 0, i64::from(*top));
    }
    let mut png = Vec::new();
    // Quickly: it is sealed and seldom looked at.
    let encoder = PngEncoder::new_with_quality(&mut png, CompressionType::Fast, FilterType::Sub);
    page.write_with_encoder(encoder).ok()?;
    Some(png)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgb;

    fn strip_of(tone: u8, height: u32) -> Vec<u8> {
        let mut png = Cursor::new(Vec::new());
        RgbImage::from_pixel(30, height, Rgb([tone; 3]))
            .write_to(&mut png, ImageFormat::Png)
            .unwrap();
        png.into_inner()
    }

    #[test]
    fn strips_stand_below_one_another() {
        let strips = [(0, strip_of(10, STRIP)), (STRIP, strip_of(200, 500))];
        let png = joined(&strips, (30, STRIP + 500)).unwrap();
        let page = image::load_from_memory(&png).unwrap().into_rgb8();
        assert_eq!(page.dimensions(), (30, STRIP + 500));
        let tone = |y| page.get_pixel(15, y).0[0];
        assert_eq!(
            [tone(0), tone(STRIP - 1), tone(STRIP), tone(STRIP + 499)],
            [10, 10, 200, 200]
        );
    }

    #[test]
    fn a_strip_that_is_no_picture_or_larger_than_asked_gives_nothing() {
        assert_eq!(joined(&[(0, b"no picture".to_vec())], (30, 40)), None);
        assert_eq!(joined(&[(0, strip_of(10, STRIP + 1))], (30, 40)), None);
        assert_eq!(joined(&[(0, strip_of(10, 40))], (29, 40)), None);
    }
}
