use proptest::prelude::*;

use super::*;

const MD5: &str = "900150983CD24FB0D6963F7D28E17F72";
const SHA1: &str = "a9993e364706816aba3e25717850c26c9cd0d89d";

fn all(text: &[u8], format: &Format) -> (Vec<Row>, bool) {
    let mut rows = Vec::new();
    let whole = read(text, format, &mut |row| {
        rows.push(row);
        ControlFlow::Continue(())
    });
    (rows, whole.is_ok())
}

#[test]
fn a_bad_row_is_told_by_its_line_and_costs_no_good_one() {
    let text = format!("\u{feff}{MD5}\r\nnot a hash\n\n{MD5}\n");
    let (rows, whole) = all(text.as_bytes(), &Format::Plain(Kind::Md5));
    let read: Vec<_> = rows
        .iter()
        .map(|row| (row.number, row.said.is_ok()))
        .collect();
    assert_eq!(read, [(1, true), (2, false), (4, true)]);
    assert!(whole);
}

/// Regression (ab).
#[test]
fn md5_and_sha1_of_an_image_are_both_read() {
    for head in ["odata.metadata", "@odata.context"] {
        let text = format!(
            "\u{feff}{{\"{head}\":\"x#Media\",\"value\":[
              {{\"MD5\":\"{MD5}\",\"SHA1\":\"{SHA1}\",\"Category\":1,\"IsDistributed\":\"true\",\"Exifs\":[{{\"MD5\":\"x\"}}]}},
              {{\"MD5\":\"short\",\"Category\":\"2\"}},
              {{\"MD5\":\"{MD5}\",\"SHA1\":null}}]}}"
        );
        let (rows, whole) = all(text.as_bytes(), &Format::Vics);
        assert!(whole);
        let keys = rows[0].said.as_ref().map(|said| said.keys.len());
        assert_eq!(keys, Ok(2));
        assert!(rows[1].said.is_err() && rows[2].said.is_ok());
    }
}

#[test]
fn media_inside_cases_are_read() {
    let text = format!(
        "{{\"value\":[{{\"CaseID\":\"c\",\"Media\":[{{\"MD5\":\"{MD5}\"}},{{\"SHA1\":\"{SHA1}\"}}]}}]}}"
    );
    let (rows, whole) = all(text.as_bytes(), &Format::Vics);
    assert!(whole && rows.len() == 2 && rows.iter().all(|row| row.said.is_ok()));
}

#[test]
fn other_hashes_of_a_medium_are_read_beside_md5_and_sha1() {
    let (sha256, pdq) = ("ab".repeat(32), "cd".repeat(32));
    let text = format!(
        "{{\"value\":[{{\"SHA1\":\"{SHA1}\",\"AlternativeHashes\":[
          {{\"HashName\":\"SHA-256\",\"HashValue\":\"{sha256}\"}},
          {{\"HashName\":\"PhotoDNA\",\"HashValue\":\"x\"}},
          {{\"HashName\":\"PDQ_512\",\"HashValue\":\"{pdq}\"}}]}},
          {{\"AlternativeHashes\":null,\"MD5\":\"{MD5}\"}}]}}"
    );
    let (rows, whole) = all(text.as_bytes(), &Format::Vics);
    assert!(whole);
    let kinds = |row: &Row| {
        let said = row.said.as_ref().ok()?;
        Some(said.keys.iter().map(Key::kind).collect::<Vec<_>>())
    };
    let found: Vec<_> = rows.iter().filter_map(kinds).collect();
    assert_eq!(
        found,
        [
            vec![Kind::Sha1, Kind::Sha256, Kind::Pdq512],
            vec![Kind::Md5]
        ]
    );
}

#[test]
fn a_heading_that_names_the_declared_columns_is_no_bad_row() {
    let columns = vec![Column::Hash(Kind::Md5), Column::Category];
    let text = format!("MD5,category\n{MD5},a\n");
    let (rows, _) = all(text.as_bytes(), &Format::Csv(columns));
    assert!(rows.len() == 1 && rows[0].said.is_ok());
    let others = vec![Column::Hash(Kind::Md5), Column::State];
    let (rows, _) = all(b"md5,category\n", &Format::Csv(others));
    assert!(rows[0].said.is_err());
}

#[test]
fn a_cut_off_vics_file_gives_its_rows_and_a_fault() {
    let text = format!("{{\"value\":[{{\"MD5\":\"{MD5}\"}},{{\"MD5\":");
    let (rows, whole) = all(text.as_bytes(), &Format::Vics);
    assert!(!whole && rows.len() == 1);
}

#[test]
fn a_medium_that_is_none_costs_no_other_wherever_it_stands() {
    let good = format!("{{\"MD5\":\"{MD5}\"}}");
    for (bad, why) in [
        ("\"not an object\"", "it is no object"),
        ("7", "it is no object"),
        ("-7", "it is no object"),
        ("0.5", "it is no object"),
        ("true", "it is no object"),
        ("null", "it is no object"),
        ("[[{}],{\"a\":[]}]", "it is no object"),
        ("{}", "it has no hash of a known kind"),
        ("{\"MD5\":{\"a\":1}}", "it has no hash of a known kind"),
        ("{\"MD5\":1e999}", "it has no hash of a known kind"),
        (
            "{\"MD5\":\"900150983cd24fb0d6963f7d28e17f72\",\"AlternativeHashes\":{}}",
            "AlternativeHashes is no list",
        ),
        (
            "{\"AlternativeHashes\":\"x\"}",
            "AlternativeHashes is no list",
        ),
        (
            "{\"AlternativeHashes\":[\"x\"]}",
            "one of AlternativeHashes is no object",
        ),
        ("{\"Media\":{\"a\":[1]}}", "a list of media is no list"),
        ("{\"Media\":\"x\"}", "a list of media is no list"),
    ] {
        let text = format!("{{\"value\":[{good},{bad},{good},{{\"Media\":[{good}]}}]}}");
        let (rows, whole) = all(text.as_bytes(), &Format::Vics);
        let said: Vec<_> = rows
            .iter()
            .map(|row| (row.number, row.said.as_ref().err().map(String::as_str)))
            .collect();
        let wanted = [(1, None), (2, Some(why)), (3, None), (4, None)];
        assert_eq!((said.as_slice(), whole), (&wanted[..], true), "{bad}");
    }
}

#[test]
fn a_case_without_media_is_no_row_and_what_is_nested_deeper_is_no_medium() {
    let nested = format!(
        "{}{{\"MD5\":\"{MD5}\"}}{}",
        "{\"value\":[".repeat(40),
        "]}".repeat(40)
    );
    let text = format!("{{\"value\":[{{\"Media\":null}},{nested},{{\"SHA1\":\"{SHA1}\"}}]}}");
    let (rows, whole) = all(text.as_bytes(), &Format::Vics);
    let read: Vec<_> = rows.iter().map(|row| row.said.is_ok()).collect();
    assert_eq!((read, whole), (vec![false, true], true));
}

#[test]
fn the_declared_state_says_what_is_taken_back() {
    let columns = vec![Column::Hash(Kind::Md5), Column::Category, Column::State];
    let text = format!("{MD5},\"a, b\",Withdrawn\n{MD5},a,perhaps\n{MD5},a,active,more\n");
    let (rows, _) = all(text.as_bytes(), &Format::Csv(columns));
    assert!(rows[0].said.as_ref().is_ok_and(|said| said.withdrawn));
    assert!(rows[1].said.is_err() && rows[2].said.is_err());
}

#[test]
fn signals_keep_their_category() {
    let text = format!(
        "signal_type,signal_str,collab,category,tags\nvideo_md5,{MD5},c,known,\nurl,x,,,\n"
    );
    let (rows, _) = all(text.as_bytes(), &Format::Hma);
    assert!(
        rows[0]
            .said
            .as_ref()
            .is_ok_and(|said| said.category.as_str() == "known")
    );
    assert!(rows[1].said.is_err() && rows.len() == 2);
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_fall(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let columns = vec![Column::Hash(Kind::Md5), Column::Category];
        for format in [Format::Plain(Kind::Pdq), Format::Csv(columns), Format::Hma, Format::Vics] {
            all(&bytes, &format);
        }
    }
}
