//! Visits by the true process tree to a site drawn by code.

#![expect(
    clippy::unwrap_used,
    reason = "a scene that cannot be set is a failed test"
)]

mod complete;
mod exits;
mod guarded;
mod hostile;
mod kinds;
mod site;
mod soak;
mod traffic;
mod warm;

use std::path::{Path, PathBuf};
use std::time::Duration;

use capture::{Captured, Cause, Decode, FoundBy, RedirectBy, Sandbox, Via, Visited};
use capture::{Digests, VisitorSettings, find_browser, visit_through};
use ground::Clock;
use url::Url;

/// A site, a folder of its own, and settings that are recognisable among all processes.
struct Scene {
    settings: VisitorSettings,
    socket: PathBuf,
    work: tempfile::TempDir,
    _folder: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let work = tempfile::tempdir().unwrap();
        let mut settings = VisitorSettings::new(child_program());
        settings.exe_args.clear();
        settings.folder = work.path().to_path_buf();
        settings.deadline = Duration::from_secs(45);
        let mark = folder.path().file_name().unwrap().to_string_lossy();
        settings.language = format!("nl-x-{}", mark.trim_start_matches(".tmp"));
        Self {
            socket: site::serve(folder.path()),
            settings,
            work,
            _folder: folder,
        }
    }

    fn plain() -> Self {
        let mut scene = Self::new();
        scene.settings.browser = None;
        scene
    }

    /// Visits and sees to it that nothing is left behind.
    async fn visit(&self, address: &str) -> Visited {
        let address = Url::parse(address).unwrap();
        let visited = visit_through(&self.settings, &self.socket, &Clock::system(), &address)
            .await
            .unwrap();
        self.nothing_is_left().await;
        visited
    }

    async fn nothing_is_left(&self) {
        let mut left = Vec::new();
        // A killed process needs a moment to be gone from the list.
        for _ in 0..40 {
            left = processes_with(&[&self.settings.language, &self.socket.to_string_lossy()]);
            if left.is_empty() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert_eq!(left, Vec::<String>::new(), "processes are left");
        assert_eq!(files_in(self.work.path()), Vec::<PathBuf>::new());
    }
}

fn child_program() -> PathBuf {
    let this = std::env::current_exe().unwrap();
    let build = this.parent().unwrap().parent().unwrap();
    build.join("examples").join("visit_child")
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

fn processes_with(marks: &[&str]) -> Vec<String> {
    let all = std::fs::read_dir("/proc").unwrap().flatten();
    all.filter_map(|entry| std::fs::read(entry.path().join("cmdline")).ok())
        .map(|line| String::from_utf8_lossy(&line).replace('\0', " "))
        .filter(|line| marks.iter().any(|mark| line.contains(mark)))
        .collect()
}

/// The names among `names` whose very bytes are not among the pictures.
fn not_found<'a>(visited: &Visited, names: &[&'a str]) -> Vec<&'a str> {
    let missing = names.iter().filter(|name| {
        let digests = Digests::of(&site::picture(name));
        !visited
            .pictures
            .iter()
            .any(|picture| picture.digests == digests)
    });
    missing.copied().collect()
}

fn cause(visited: &Visited) -> &Cause {
    match &visited.outcome {
        Captured::No(cause) => cause,
        Captured::Yes => panic!("captured: {:?}", visited.final_address),
    }
}

/// The one video among the pictures, looked into and not shown.
fn assert_film_found(visited: &Visited, found_by: FoundBy) {
    let films: Vec<_> = visited
        .pictures
        .iter()
        .filter(|picture| picture.media_type.starts_with("video/"))
        .collect();
    assert_eq!(films.len(), 1, "{visited:?} {:?}", visited.missed);
    let film = films[0];
    assert_eq!(film.digests, Digests::of(&site::film()));
    assert_eq!(film.found_by, found_by);
    assert_eq!((film.width, film.height), (Some(160), Some(120)));
    assert_eq!(film.decode, capture::Decode::Decoded);
    assert_eq!(film.film.as_ref().unwrap().codec, "vp8");
    assert!(film.veiled.is_some() && film.soft.is_some());
}

#[tokio::test]
async fn a_video_of_a_page_is_found_whole_with_a_blurred_sheet_by_the_browser() {
    let scene = Scene::new();
    let visited = scene.visit("http://a.example/film").await;
    assert_eq!(visited.outcome, Captured::Yes);
    assert_film_found(&visited, FoundBy::Page);
    let direct = scene.visit("http://a.example/film.webm").await;
    assert_eq!(direct.outcome, Captured::Yes);
    assert_film_found(&direct, FoundBy::Address);
    scene.nothing_is_left().await;
}

#[tokio::test]
async fn a_video_is_found_by_the_plain_visitor_too() {
    let mut scene = Scene::new();
    scene.settings.browser = None;
    let visited = scene.visit("http://a.example/film").await;
    assert_film_found(&visited, FoundBy::Page);
    let direct = scene.visit("http://a.example/film.webm").await;
    assert_eq!(direct.outcome, Captured::Yes);
    assert_film_found(&direct, FoundBy::Address);
}

#[tokio::test]
async fn every_picture_of_a_page_is_found_however_it_is_shown() {
    let scene = Scene::new();
    let visited = scene.visit("http://a.example/all").await;
    assert_eq!(visited.outcome, Captured::Yes);
    let names = [
        "1.png", "2.png", "3.webp", "4.png", "5.png", "6.jpg", "7.png", "8.png", "9.png", "10.png",
        "11.png", "12.png", "14.png", "15.png", "16.png", "17.png", "18.png", "19.gif", "20.png",
        "21.bmp", "22.png",
    ];
    assert_eq!(not_found(&visited, &names), Vec::<&str>::new());
    let by = |by| visited.pictures.iter().filter(|p| p.found_by == by).count();
    assert_eq!(by(FoundBy::Canvas), 1);
    assert_eq!(by(FoundBy::Blob), 1);
    assert!(by(FoundBy::Frame) >= 4);
    assert!(visited.complete, "{:?}", visited.missed);
    assert!(visited.sandboxed, "the box works here");
    assert_eq!(visited.browser_sandboxed, Some(true));
    assert_eq!(visited.title.as_deref(), Some("Everything"));
    assert_eq!(visited.status, Some(200));
    assert!(visited.screenshot.is_some_and(|png| png.len() > 10_000));
    for picture in &visited.pictures {
        assert_eq!(picture.decode, Decode::Decoded, "{picture:?}");
        assert!(picture.veiled.is_some() && picture.soft.is_some());
        assert!(!picture.small, "{picture:?}");
    }
}

#[tokio::test]
async fn the_plain_visitor_finds_what_the_page_names() {
    let visited = Scene::plain().visit("http://a.example/plain").await;
    assert_eq!(visited.outcome, Captured::Yes);
    assert_eq!(visited.via, Some(Via::Plain));
    let names = [
        "1.png", "2.png", "3.webp", "4.png", "5.png", "6.jpg", "7.png", "8.png",
    ];
    assert_eq!(not_found(&visited, &names), Vec::<&str>::new());
    assert_eq!(visited.pictures.len(), 8);
    assert_eq!(visited.title.as_deref(), Some("Plain"));
}

#[tokio::test]
async fn every_step_to_the_final_address_is_noted() {
    for scene in [Scene::new(), Scene::plain()] {
        let visited = scene.visit("http://a.example/from").await;
        assert_eq!(visited.outcome, Captured::Yes);
        assert_eq!(
            visited.final_address.as_deref(),
            Some("http://b.example/arrived")
        );
        let steps: Vec<_> = visited.redirects.iter().map(|r| (r.by, r.status)).collect();
        assert_eq!(
            steps,
            [(RedirectBy::Server, Some(302)), (RedirectBy::Page, None)]
        );
        assert_eq!(not_found(&visited, &["40.png"]), Vec::<&str>::new());
    }
}

#[tokio::test]
async fn an_error_page_is_not_captured_and_nor_is_nothing() {
    for scene in [Scene::new(), Scene::plain()] {
        let visited = scene.visit("http://a.example/gone").await;
        assert_eq!(cause(&visited), &Cause::HttpStatus(404));
        assert_eq!(visited.status, Some(404));
        assert_eq!(not_found(&visited, &["41.png"]), Vec::<&str>::new());
        let visited = scene.visit("http://a.example/nothing").await;
        assert_eq!(cause(&visited), &Cause::NothingThere);
        let visited = scene.visit("http://a.example/round").await;
        assert_eq!(cause(&visited), &Cause::TooManyRedirects);
        let visited = scene.visit("http://a.example/archive").await;
        assert!(
            matches!(cause(&visited), Cause::NotAPage(_)),
            "{:?}",
            visited.outcome
        );
    }
}

#[tokio::test]
async fn a_page_without_pictures_is_captured() {
    let visited = Scene::new().visit("http://a.example/bare").await;
    assert_eq!(visited.outcome, Captured::Yes);
    assert!(visited.pictures.is_empty() && visited.screenshot.is_some());
}

#[tokio::test]
async fn a_tall_page_is_pictured_to_its_end_within_the_memory_of_a_visit() {
    let visited = Scene::new().visit("http://a.example/tall").await;
    assert_eq!(visited.outcome, Captured::Yes);
    assert_eq!(visited.pictures.len(), 20);
    let page = image::load_from_memory(&visited.screenshot.unwrap()).unwrap();
    let page = page.into_rgb8();
    assert_eq!(page.height(), 8_000);
    assert_eq!(page.get_pixel(40, 7_950).0, [0, 0, 255]);
    assert_eq!(page.get_pixel(40, 7_890).0, [255, 255, 255]);
}

#[tokio::test]
async fn an_address_that_is_a_picture_is_captured_even_when_it_is_to_be_saved() {
    for scene in [Scene::new(), Scene::plain()] {
        for address in ["http://a.example/p/46.jpg", "http://a.example/save/47.png"] {
            let visited = scene.visit(address).await;
            assert_eq!(visited.outcome, Captured::Yes, "{address}");
            assert_eq!(visited.pictures.len(), 1);
            assert_eq!(visited.pictures[0].found_by, FoundBy::Address);
            let name = address.rsplit('/').next().unwrap();
            assert_eq!(not_found(&visited, &[name]), Vec::<&str>::new());
        }
    }
}

#[tokio::test]
async fn faulty_pictures_are_reported_and_the_rest_is_found() {
    for scene in [Scene::new(), Scene::plain()] {
        let visited = scene.visit("http://a.example/faulty").await;
        assert_eq!(visited.outcome, Captured::Yes);
        assert_eq!(not_found(&visited, &["42.png"]), Vec::<&str>::new());
        let at = |end: &str| visited.pictures.iter().find(|p| p.address.ends_with(end));
        let cut = at("/cut.jpg").unwrap();
        assert!(cut.cut_short && cut.bytes.len() > 500, "{cut:?}");
        let words = at("/words.png").unwrap();
        assert!(matches!(words.decode, Decode::Failed(_)) && words.small);
        let missed: Vec<_> = visited.missed.iter().map(|m| m.why.as_str()).collect();
        assert_eq!(missed, ["http status 404"]);
    }
}

#[tokio::test]
async fn a_page_without_end_is_brought_back_as_far_as_it_came() {
    let mut scene = Scene::new();
    scene.settings.deadline = Duration::from_secs(14);
    let visited = scene.visit("http://a.example/endless").await;
    assert_eq!(visited.outcome, Captured::Yes);
    assert!(!visited.complete);
    assert_eq!(not_found(&visited, &["45.png"]), Vec::<&str>::new());
    assert!(visited.ended_at.since_ms(visited.started_at) < 15_000);
}

#[tokio::test]
async fn a_server_that_stays_silent_is_late_and_not_absent() {
    for mut scene in [Scene::new(), Scene::plain()] {
        scene.settings.deadline = Duration::from_secs(8);
        let visited = scene.visit("http://a.example/silent").await;
        assert_eq!(cause(&visited), &Cause::TimedOut);
        assert!(visited.ended_at.since_ms(visited.started_at) < 10_000);
    }
}

#[tokio::test]
async fn dialogs_and_popups_are_put_away() {
    let mut scene = Scene::new();
    scene.settings.deadline = Duration::from_secs(60);
    let visited = scene.visit("http://a.example/storm").await;
    assert_eq!(visited.outcome, Captured::Yes);
    assert_eq!(not_found(&visited, &["43.png"]), Vec::<&str>::new());
    assert!(visited.screenshot.is_some());
}

#[tokio::test]
async fn a_page_that_never_lets_go_of_the_processor_is_looked_at_all_the_same() {
    let mut scene = Scene::new();
    scene.settings.deadline = Duration::from_secs(25);
    let visited = scene.visit("http://a.example/busy").await;
    assert_eq!(visited.outcome, Captured::Yes);
    assert_eq!(not_found(&visited, &["44.png"]), Vec::<&str>::new());
}

#[tokio::test]
async fn a_child_that_hangs_or_talks_nonsense_is_our_failure_and_is_ended() {
    let mut scene = Scene::plain();
    scene.settings.deadline = Duration::from_secs(1);
    scene.settings.exe = PathBuf::from("/usr/bin/sleep");
    scene.settings.exe_args = vec!["600".to_owned()];
    let visited = scene.visit("http://a.example/").await;
    assert!(cause(&visited).is_ours());
    scene.settings.exe = PathBuf::from("/usr/bin/yes");
    scene.settings.exe_args = vec!["\u{1}".to_owned()];
    let visited = scene.visit("http://a.example/").await;
    assert!(matches!(cause(&visited), Cause::VisitorFailed(_)));
}

#[tokio::test]
async fn without_a_box_nothing_is_left_either() {
    let mut scene = Scene::new();
    scene.settings.sandbox = Sandbox::Off;
    let visited = scene.visit("http://a.example/arrived").await;
    assert_eq!(visited.outcome, Captured::Yes);
    assert!(!visited.sandboxed);
    scene.settings.deadline = Duration::from_secs(4);
    let visited = scene.visit("http://a.example/silent").await;
    assert_eq!(cause(&visited), &Cause::TimedOut);
}

#[tokio::test]
async fn a_visit_that_is_dropped_half_way_leaves_nothing() {
    let scene = Scene::new();
    let address = Url::parse("http://a.example/silent").unwrap();
    let clock = Clock::system();
    let visit = visit_through(&scene.settings, &scene.socket, &clock, &address);
    let dropped = tokio::time::timeout(Duration::from_secs(3), visit).await;
    assert!(dropped.is_err());
    scene.nothing_is_left().await;
}

#[tokio::test]
async fn only_web_addresses_are_visited() {
    let scene = Scene::plain();
    for address in ["file:///etc/passwd", "ftp://a.example/", "chrome://version"] {
        let address = Url::parse(address).unwrap();
        let refused =
            visit_through(&scene.settings, &scene.socket, &Clock::system(), &address).await;
        assert!(refused.is_err());
    }
}

#[test]
fn the_browser_of_this_machine_is_its_own_program() {
    if let Some(browser) = find_browser() {
        assert!(browser.is_file());
    }
}
