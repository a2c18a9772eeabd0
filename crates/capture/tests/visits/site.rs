//! A web site drawn by code, served straight on the visit's proxy socket: whatever host a visit
//! asks for, this site answers, and nothing else can be reached.

use std::convert::Infallible;
use std::io::Cursor;
use std::path::Path as FilePath;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Path;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use data_encoding::BASE64;
use futures_util::stream;
use image::{ImageFormat, Rgb, RgbImage};

/// Serves the site on a fresh socket in `folder`.
pub fn serve(folder: &FilePath) -> std::path::PathBuf {
    let socket = folder.join("proxy.sock");
    let listener = tokio::net::UnixListener::bind(&socket).unwrap();
    tokio::spawn(async move { axum::serve(listener, site()).await.unwrap() });
    socket
}

/// Serves the site on a port of this machine, for visits that go through the guard.
pub async fn serve_on_port() -> std::net::SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, site()).await.unwrap() });
    at
}

/// The picture of this name, for example `7.png`: each number has its own size and colours.
pub fn picture(name: &str) -> Vec<u8> {
    let (number, kind) = name.split_once('.').unwrap();
    let number: u32 = number.parse().unwrap();
    let (width, height) = (120 + number, 90 + number % 7);
    let drawing = RgbImage::from_fn(width, height, |x, y| {
        let mixed = (x * 31 + y * 17 + number * 101).wrapping_mul(2_654_435_761) >> 24;
        Rgb([mixed as u8, (x * 2) as u8, (y * 2 + number) as u8])
    });
    let format = ImageFormat::from_extension(kind).unwrap();
    let mut bytes = Cursor::new(Vec::new());
    drawing.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn site() -> Router {
    Router::new()
        .merge(crate::complete::routes())
        .merge(crate::kinds::routes())
        .merge(crate::hostile::routes())
        .route("/p/{name}", get(served_picture))
        .route("/all", get(all))
        .route("/style.css", get(|| async {
            ([(CONTENT_TYPE, "text/css")], ".five{height:90px;background:url('/p/5.png')}")
        }))
        .route("/frame8", get(|| async { Html("<img src=/p/8.png>") }))
        .route("/frame9", get(|| async {
            Html("<img src=/p/9.png><iframe src='http://c.example/frame16'></iframe>")
        }))
        .route("/frame16", get(|| async { Html("<div style='height:3000px'></div><img loading=lazy src=/p/16.png>") }))
        .route("/plain", get(plain))
        .route("/from", get(|| async { (StatusCode::FOUND, [(LOCATION, "http://b.example/half-way")]) }))
        .route("/half-way", get(|| async { Html("<meta http-equiv=refresh content='0;url=/arrived'>") }))
        .route("/arrived", get(|| async { Html("<title>Arrived</title><img src=/p/40.png>") }))
        .route("/round", get(|| async { (StatusCode::FOUND, [(LOCATION, "/round")]) }))
        .route("/gone", get(|| async {
            (StatusCode::NOT_FOUND, Html("<title>Gone</title><img src=/p/41.png>"))
        }))
        .route("/inward", get(|| async { (StatusCode::FOUND, [(LOCATION, "http://192.168.1.1/")]) }))
        .route("/nothing", get(|| async { StatusCode::NO_CONTENT }))
        .route("/film", get(|| async {
            Html("<title>Film</title><p>A test card moves.<video muted autoplay loop width=160 src=/film.webm></video>")
        }))
        .route("/film.webm", get(|| async { ([(CONTENT_TYPE, "video/webm")], film()) }))
        .route("/tall", get(|| async { Html(tall()) }))
        .route("/bare", get(|| async { Html("<title>No picture here</title><p>Only words.") }))
        .route("/faulty", get(|| async {
            Html("<img src=/cut.jpg><img src=/no-such.png><img src=/words.png><img src=/p/42.png>")
        }))
        .route("/cut.jpg", get(cut))
        .route("/words.png", get(|| async { ([(CONTENT_TYPE, "image/png")], "only words") }))
        .route("/save/{name}", get(saved))
        .route("/archive", get(|| async {
            ([(CONTENT_TYPE, "application/zip")], "PK\u{3}\u{4} no archive")
        }))
        .route("/endless", get(endless))
        .route("/silent", get(|| async { tokio::time::sleep(Duration::from_secs(600)).await }))
        .route("/storm", get(|| async { Html(STORM) }))
        .route("/busy", get(|| async { Html("<img src=/p/44.png><script>onload=()=>{for(;;);}</script>") }))
}

const STORM: &str = "<img src=/p/43.png><script>
    for (let i = 0; i < 20; i++) window.open('http://b.example/all');
    onbeforeunload = () => 'stay';
    setInterval(() => { for (;;) { alert('again'); confirm('and'); prompt('again'); } }, 50);
</script>";

/// An ordinary long page: pictures, text far down, and a band of one colour at its end.
fn tall() -> String {
    let pictures: String = (60..80)
        .map(|n| format!("<img width=300 height=200 src=/p/{n}.jpg>"))
        .collect();
    let words = "<p>Words that stand on an ordinary page, for somebody to read.".repeat(180);
    format!(
        "<title>Tall</title><body style='margin:0'>{pictures}{words}\
         <div style='position:absolute;top:7900px;width:100%;height:100px;background:#00f'></div>"
    )
}

async fn served_picture(Path(name): Path<String>) -> Response {
    let kind = match name.rsplit('.').next() {
        Some("jpg") => "image/jpeg",
        Some("gif") => "image/gif",
        Some("webp") => "image/webp",
        Some("bmp") => "image/bmp",
        _ => "image/png",
    };
    ([(CONTENT_TYPE, kind)], picture(&name)).into_response()
}

/// Four seconds of ffmpeg's moving test card, 160 × 120; the same bytes each time.
pub fn film() -> Vec<u8> {
    static MADE: std::sync::LazyLock<Vec<u8>> = std::sync::LazyLock::new(|| {
        let card = "testsrc=size=160x120:rate=10:duration=4";
        let made = std::process::Command::new("ffmpeg")
            .args(["-v", "error", "-nostdin", "-f", "lavfi", "-i", card])
            .args(["-c:v", "libvpx", "-b:v", "60k", "-f", "webm", "pipe:1"])
            .output();
        made.unwrap().stdout
    });
    MADE.clone()
}

/// A picture that is announced as something to be saved.
async fn saved(Path(name): Path<String>) -> Response {
    let kind = (CONTENT_TYPE, "application/octet-stream");
    ([kind], picture(&name)).into_response()
}

pub fn data_address(name: &str) -> String {
    format!("data:image/png;base64,{}", BASE64.encode(&picture(name)))
}

/// Every way a page can show a picture: numbers 1 to 22.
async fn all() -> Html<String> {
    let seven = data_address("7.png");
    let twentytwo = data_address("22.png");
    Html(format!(
        r#"<!doctype html><title>Everything</title>
        <link rel=stylesheet href=/style.css>
        <style>.four{{height:90px;background:url(/p/4.png)}}</style>
        <img src=/p/1.png><img srcset="/p/2.png 1x">
        <picture><source type=image/webp srcset=/p/3.webp><img src=/p/no.png></picture>
        <div class=four></div><div class=five></div>
        <img src="{seven}"><iframe src=/frame8></iframe>
        <iframe src="http://b.example/frame9"></iframe>
        <video poster=/p/10.png></video>
        <svg width=99 height=99><image href=/p/11.png width=90 height=90 /></svg>
        <input type=image src=/p/18.png><iframe srcdoc="<img src=/p/19.gif>"></iframe>
        <object data=/p/20.png></object><embed src=/p/21.bmp>
        <img id=blob><canvas id=c width=200 height=100></canvas><div id=host></div>
        <div style="height:200px;overflow:auto"><div style="height:9000px"></div>
          <img loading=lazy src=/p/17.png></div>
        <div style="height:9000px"></div>
        <img loading=lazy src=/p/6.jpg><img id=late data-late=/p/15.png>
        <script>
        const $ = id => document.getElementById(id);
        setTimeout(() => fetch('/p/12.png').then(r => r.arrayBuffer())
            .then(b => $('blob').src = URL.createObjectURL(new Blob([b], {{type: 'image/png'}}))), 200);
        const g = $('c').getContext('2d');
        g.fillStyle = 'teal'; g.fillRect(5, 5, 150, 60); g.fillStyle = 'gold'; g.fillRect(50, 20, 99, 70);
        for (let i = 0; i < 400; i++) {{ g.fillStyle = 'hsl(' + i + ',80%,50%)'; g.fillRect(i * 7 % 200, i * 13 % 100, 3, 3); }}
        $('host').attachShadow({{mode: 'closed'}}).innerHTML = '<img src=/p/14.png><img src="{twentytwo}">';
        new IntersectionObserver((seen, o) => {{ if (seen[0].isIntersecting) {{
            $('late').src = $('late').dataset.late; o.disconnect(); }} }}).observe($('late'));
        </script>"#
    ))
}

/// What a visitor without scripts can find: numbers 1 to 8.
async fn plain() -> Html<String> {
    Html(format!(
        r#"<title>Plain</title><link rel=stylesheet href=/style.css>
        <img src=/p/1.png><img srcset="/p/2.png 1x, /p/3.webp 2x">
        <div style="background:url(/p/4.png)"></div>
        <img data-src=/p/6.jpg><img src="{}"><iframe src=/frame8></iframe>"#,
        data_address("7.png")
    ))
}

/// A picture of which less comes than was announced.
async fn cut() -> Response {
    let whole = picture("50.jpg");
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, "image/jpeg".parse().unwrap());
    headers.insert(CONTENT_LENGTH, whole.len().into());
    let half = Bytes::from(whole[..whole.len() / 2].to_vec());
    let pieces = stream::unfold(Some(half), |left| async move {
        let piece = left?;
        if piece.is_empty() {
            tokio::time::sleep(Duration::from_millis(100)).await;
            return Some((Err(std::io::Error::other("cut")), None));
        }
        Some((Ok(piece), Some(Bytes::new())))
    });
    (headers, Body::from_stream(pieces)).into_response()
}

/// A page that never ends.
async fn endless() -> Response {
    let pieces = stream::unfold(0_u32, |count| async move {
        let piece = if count == 0 {
            "<!doctype html><title>Endless</title><img src=/p/45.png>".to_owned()
        } else {
            tokio::time::sleep(Duration::from_millis(20)).await;
            format!("<p>and {count}</p>")
        };
        Some((Ok::<_, Infallible>(piece), count + 1))
    });
    ([(CONTENT_TYPE, "text/html")], Body::from_stream(pieces)).into_response()
}
