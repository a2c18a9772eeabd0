//! One line of CSV, cut into its fields.

/// The fields of a line: separated by commas, quoted where they hold one, a quote doubled inside quotes.
/// None when a quote is not closed or something follows it. Fields do not hold line breaks.
pub fn fields(line: &str) -> Option<Vec<String>> {
    let mut fields = Vec::new();
    let mut letters = line.chars().peekable();
    loop {
        let mut field = String::new();
        if letters.next_if_eq(&'"').is_some() {
            loop {
                match letters.next()? {
                    '"' if letters.next_if_eq(&'"').is_some() => field.push('"'),
                    '"' => break,
                    letter => field.push(letter),
                }
            }
        } else {
            while let Some(letter) = letters.next_if(|letter| *letter != ',') {
                field.push(letter);
            }
        }
        fields.push(field);
        match letters.next() {
            None => return Some(fields),
            Some(',') => {}
            Some(_) => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_in_quotes_separates_nothing() {
        assert_eq!(
            fields(r#"a,"b,""c""",,d"#),
            Some(vec![
                "a".into(),
                "b,\"c\"".into(),
                String::new(),
                "d".into()
            ])
        );
        assert_eq!(fields(r#""open"#), None);
        assert_eq!(fields(r#""a"b"#), None);
    }
}
