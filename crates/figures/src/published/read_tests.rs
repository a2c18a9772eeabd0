use super::*;
use crate::Unit;
use proptest::prelude::*;

const HEAD: &str = "figure,year,value,unit,definition,source\n";

fn faults(lines: &str) -> Vec<(u64, String)> {
    match read(format!("{HEAD}{lines}").as_bytes(), 2026) {
        Err(Unread::Lines(faults)) => faults
            .into_iter()
            .map(|fault| (fault.line, fault.kind.to_string()))
            .collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_file_is_read_with_its_definitions_and_sources() {
    let file = format!(
        "{HEAD}addresses,2019,308430,urls,\"addresses, each counted once\",report 2019\r\nshare-illegal,2018,72.5,%,1,report 2018\n"
    );
    let rows = read(file.as_bytes(), 2026).unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0].unit, Unit::Addresses.into());
    assert_eq!(
        rows[0].definition,
        Under::Words("addresses, each counted once".into())
    );
    assert_eq!(rows[1].definition, Under::Version(1));
    assert_eq!(rows[1].value, Amount::tenths(725));
}

#[test]
fn what_a_dutch_spreadsheet_saves_is_read_too() {
    let file = "\u{feff}Source;Figure;Year;Value;Unit;Definition\r\nverslag, 2019;addresses;2019;308430;adressen;\r\n";
    let rows = read(file.as_bytes(), 2026).unwrap();
    assert_eq!(rows[0].source, "verslag, 2019");
    assert_eq!(rows[0].definition, Under::Words(String::new()));
}

#[test]
fn every_fault_is_told_with_its_line() {
    let told = faults(
        "addresses,2019,308.430,urls,,s\n\
         2019,addresses,1,urls,,s\n\
         addresses,2018,1,urls,\"two\nlines\",s\n\
         addresses,3019,-1,?,,\n\
         addresses,2018,2,urls,,s\n\
         addresses,2017,2,urls\n\
         reports,2017,2.5,reports,,s\n\
         share,2017,101,percent,,s\n",
    );
    let lines: Vec<u64> = told.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [2, 3, 3, 6, 6, 6, 6, 7, 8, 9, 10]);
    for (at, words) in [
        (0, "value: \"308.430\" has more than two decimals"),
        (1, "figure: \"2019\" is no name of a figure"),
        (2, "year: \"addresses\" is no year from 1990 to 2026"),
        (4, "value: \"-1\" is no number"),
        (5, "unit: \"?\" is no unit"),
        (6, "source: is empty"),
        (7, "addresses 2018 stands on line 4 already"),
        (8, "has 4 cells, the first line has 6"),
        (9, "has decimals, but reports are counted in whole numbers"),
        (10, "is more than the whole"),
    ] {
        assert!(told[at].1.contains(words), "{at}: {}", told[at].1);
    }
}

#[test]
fn wrong_headings_and_empty_files_are_told() {
    let told = |file: &str| read(file.as_bytes(), 2026).unwrap_err().to_string();
    assert!(told("").contains("\"figure\" is missing"), "{}", told(""));
    assert!(told("figure,year,value,unit,definition\n").contains("\"source\" is missing"));
    assert!(told("figure,year,value,unit,definition,source,note\n").contains("\"note\" is none"));
    assert!(told("figure,figure,year,value,unit,definition,source\n").contains("twice"));
    assert_eq!(told(HEAD), "there is no figure in the file");
    let latin = [HEAD.as_bytes(), b"addresses,2019,1,urls,\xe9,s\n"].concat();
    let fault = read(&latin, 2026).unwrap_err().to_string();
    assert!(fault.starts_with("line 2: is not UTF-8"), "{fault}");
}

proptest! {
    #[test]
    fn no_bytes_break_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(&bytes, 2026);
        let below = [HEAD.as_bytes(), &bytes].concat();
        let _ = read(&below, 2026);
    }

    #[test]
    fn what_is_written_well_is_read_back(
        years in proptest::collection::btree_map(1990_i16..=2026, (0_i64..1_000_000_000, "[a-z ,\"]{0,20}"), 1..12)
    ) {
        let mut out = csv::Writer::from_writer(HEAD.as_bytes().to_vec());
        for (year, (value, words)) in &years {
            let cells = ["addresses", &year.to_string(), &value.to_string(), "urls", words, "s"];
            out.write_record(cells).unwrap();
        }
        let rows = read(&out.into_inner().unwrap(), 2026).unwrap();
        prop_assert_eq!(rows.len(), years.len());
        for (row, (year, (value, _))) in rows.iter().zip(&years) {
            prop_assert_eq!((row.year, row.value), (*year, Amount::whole(*value)));
        }
    }
}
