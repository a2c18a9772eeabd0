//! Pages that give more than anybody can take.

use std::convert::Infallible;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use capture::{Captured, Decode, Visited};
use flate2::{Compress, Compression, FlushCompress};
use futures_util::{StreamExt, stream};
use tokio::io::AsyncReadExt;

use super::{World, assert_found};

/// How many mebibytes come out of a bomb.
const BOMB: usize = 4_096;

pub fn routes() -> Router {
    Router::new()
        .route("/flood/page", get(|| async {
            repeated("text/html", b"<!doctype html><img src=/p/70.png>".to_vec(), b"<p>and <b>more</b>")
        }))
        .route("/flood/picture", get(|| async {
            Html("<img src=/p/70.png><img src=/flood/endless.png><img src=/p/71.png>")
        }))
        .route("/flood/endless.png", get(|| async { repeated("image/png", png_head(3_000, 3_000), &[7; 4_096]) }))
        .route("/flood/bombs", get(|| async {
            Html("<img src=/p/70.png><img src=/flood/bomb.gz.png><img src=/flood/bomb.br.png>")
        }))
        .route("/flood/bomb", get(|| async { gzip_bomb("text/html", b"<p><i>x</i>") }))
        .route("/flood/bomb.gz.png", get(|| async { gzip_bomb("image/png", &[0]) }))
        .route("/flood/bomb.br.png", get(brotli_bomb))
        .route("/flood/vast", get(|| async {
            Html("<img src=/flood/vast.png><img src=/flood/long.png width=99><img src=/p/70.png>")
        }))
        .route("/flood/vast.png", get(|| async { ([(CONTENT_TYPE, "image/png")], vast()) }))
        .route("/flood/long.png", get(|| async { ([(CONTENT_TYPE, "image/png")], long()) }))
        .route("/flood/segments", get(|| async { Html(SEGMENTS) }))
        .route("/flood/segment/{number}", get(|| async { ([(CONTENT_TYPE, "video/iso.segment")], vec![7; 1 << 20]) }))
        .route("/secured/picture", get(|| async {
            Html("<img src=/p/70.png><img src='https://expired.example/p/71.png'>")
        }))
        .route("/flood/many", get(many))
        .route("/flood/small/{name}", get(|| async {
            ([(CONTENT_TYPE, "image/png")], crate::site::picture("70.png"))
        }))
}

/// A player that asks for one piece of a film after the other, as HLS and DASH do.
const SEGMENTS: &str = "<video id=v poster=/p/70.png></video><script>
    const source = new MediaSource();
    document.getElementById('v').src = URL.createObjectURL(source);
    const kept = [];
    async function more(n) {
        const piece = await (await fetch('/flood/segment/' + n)).arrayBuffer();
        kept[n % 20] = piece;
        more(n + 1);
    }
    for (let n = 0; n < 6; n++) more(n * 100000);
</script>";

/// This beginning and then the same piece without end, as fast as it is taken.
fn repeated(kind: &'static str, beginning: Vec<u8>, piece: &[u8]) -> Response {
    let many = Bytes::from(piece.repeat(65_536 / piece.len() + 1));
    let pieces = stream::once(async { Bytes::from(beginning) })
        .chain(stream::repeat(many))
        .map(Ok::<_, Infallible>);
    ([(CONTENT_TYPE, kind)], Body::from_stream(pieces)).into_response()
}

/// Kilobytes on the wire that are gigabytes of `text` when unpacked: the same block of a deflate
/// stream over and over.
fn gzip_bomb(kind: &'static str, text: &[u8]) -> Response {
    let plain = text.repeat((1 << 20) / text.len());
    let mut block = Vec::with_capacity(1 << 16);
    Compress::new(Compression::best(), false)
        .compress_vec(&plain, &mut block, FlushCompress::Full)
        .unwrap();
    let block = Bytes::from(block);
    let head = Bytes::from_static(&[0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]);
    let pieces = stream::once(async { head }).chain(stream::iter(vec![block; BOMB]));
    let headers = [(CONTENT_TYPE, kind), (CONTENT_ENCODING, "gzip")];
    (headers, Body::from_stream(pieces.map(Ok::<_, Infallible>))).into_response()
}

async fn brotli_bomb() -> Response {
    let plain = tokio::io::BufReader::new(tokio::io::repeat(0).take(96 << 20));
    let level = async_compression::Level::Fastest;
    let mut packed = Vec::new();
    async_compression::tokio::bufread::BrotliEncoder::with_quality(plain, level)
        .read_to_end(&mut packed)
        .await
        .unwrap();
    assert!(packed.len() < 1 << 20, "{} bytes are no bomb", packed.len());
    (
        [(CONTENT_TYPE, "image/png"), (CONTENT_ENCODING, "br")],
        packed,
    )
        .into_response()
}

/// What stands before the pixels of a grey PNG with so many of them.
fn png_head(width: u32, height: u32) -> Vec<u8> {
    let mut head = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    head.extend(width.to_be_bytes());
    head.extend(height.to_be_bytes());
    head.extend([8, 0, 0, 0, 0]);
    let mut sum = flate2::Crc::new();
    sum.update(&head[12..]);
    head.extend(sum.sum().to_be_bytes());
    head
}

/// A PNG that claims 65,535 pixels a side and has a few.
fn vast() -> Vec<u8> {
    let mut png = png_head(65_535, 65_535);
    png.extend(b"\0\0\0\x04IDAT\x78\x9c\x03\x00");
    png.resize(3_000, 0);
    png
}

/// A sound PNG of 65,535 by 40 pixels.
fn long() -> Vec<u8> {
    let drawing = image::GrayImage::from_fn(65_535, 40, |x, y| {
        image::Luma([(x / 64 * 7 + y * 5).to_le_bytes()[0]])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    drawing
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}

async fn many() -> Html<String> {
    let all = (0..100_000).map(|n| format!("<img src=/flood/small/{n}.png>"));
    Html(all.collect())
}

fn at<'a>(visited: &'a Visited, end: &str) -> Option<&'a capture::Picture> {
    visited
        .pictures
        .iter()
        .find(|one| one.address.ends_with(end))
}

#[tokio::test]
async fn a_page_without_end_is_brought_back_as_far_as_it_came_however_fast_it_comes() {
    let world = World::new().await;
    let visited = world.endures("http://a.example/flood/page").await;
    assert_eq!(visited.outcome, Captured::Yes);
    assert!(!visited.complete);
    assert_found(&visited, &["70.png"]);
    world.is_unharmed().await;
}

#[tokio::test]
async fn a_picture_without_end_keeps_nobody_from_the_others() {
    let world = World::new().await;
    let visited = world.endures("http://a.example/flood/picture").await;
    assert_eq!(visited.outcome, Captured::Yes);
    assert!(!visited.complete, "one picture is not whole");
    assert_found(&visited, &["70.png", "71.png"]);
    let all: usize = visited.pictures.iter().map(|one| one.bytes.len()).sum();
    assert!(all <= world.scene.settings.max_total_bytes as usize);
    world.is_unharmed().await;
}

#[tokio::test]
async fn packed_pictures_that_unpack_without_end_are_not_brought_back_whole() {
    let world = World::new().await;
    let visited = world.endures("http://a.example/flood/bombs").await;
    assert_eq!(visited.outcome, Captured::Yes);
    assert_found(&visited, &["70.png"]);
    let most = world.scene.settings.max_picture_bytes as usize;
    assert!(visited.pictures.iter().all(|one| one.bytes.len() <= most));
    world.is_unharmed().await;
}

#[tokio::test]
async fn a_packed_page_that_unpacks_without_end_ends_with_the_visit() {
    for plain in [false, true] {
        let mut world = World::new().await;
        if plain {
            world.scene.settings.browser = None;
        }
        let visited = world.endures("http://a.example/flood/bomb").await;
        assert!(!visited.complete);
        assert_eq!(visited.status, Some(200));
        world.is_unharmed().await;
    }
}

#[tokio::test]
async fn a_picture_of_65535_pixels_a_side_is_measured_and_a_long_one_is_seen() {
    let world = World::new().await;
    let visited = world.endures("http://a.example/flood/vast").await;
    assert_eq!(visited.outcome, Captured::Yes);
    assert_found(&visited, &["70.png"]);
    let vast = at(&visited, "/vast.png").unwrap();
    assert_eq!((vast.width, vast.height), (Some(65_535), Some(65_535)));
    assert!(matches!(vast.decode, Decode::Failed(_)), "{vast:?}");
    let long = at(&visited, "/long.png").unwrap();
    assert_eq!((long.width, long.height), (Some(65_535), Some(40)));
    assert_eq!(long.decode, Decode::Decoded);
    assert!(long.likeness.is_some());
    world.is_unharmed().await;
}

#[tokio::test]
async fn a_film_in_pieces_without_end_is_bounded_like_everything_else() {
    let world = World::new().await;
    let visited = world.endures("http://a.example/flood/segments").await;
    assert_eq!(visited.outcome, Captured::Yes);
    assert!(!visited.complete, "it never came to rest");
    assert_found(&visited, &["70.png"]);
    let all: u64 = visited.connections.iter().map(|noted| noted.bytes_in).sum();
    assert!(
        all <= 2 * world.scene.settings.max_total_bytes + (1 << 20),
        "{all} bytes"
    );
    world.is_unharmed().await;
}

#[tokio::test]
#[ignore = "takes a minute; run by ./test --long"]
async fn of_a_hundred_thousand_pictures_as_many_are_found_as_a_visit_may_bring() {
    let mut world = World::new().await;
    world.scene.settings.deadline = Duration::from_secs(60);
    let visited = world.endures("http://a.example/flood/many").await;
    assert_eq!(visited.outcome, Captured::Yes);
    assert!(!visited.complete);
    assert!(visited.pictures.len() >= 100, "{}", visited.pictures.len());
    assert!(visited.pictures.len() <= 500);
    world.is_unharmed().await;
}
