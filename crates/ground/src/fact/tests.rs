use super::*;

#[test]
fn a_fact_is_read_back_as_it_was_written() -> Result<(), serde_json::Error> {
    let fact = Fact::ReportReceived {
        channel: Channel::Web,
        origin: Origin::National,
        addresses: 2,
        language: "nl".into(),
    };
    let detail = serde_json::to_string(&fact)?;
    assert_eq!(read(&detail)?, fact);
    assert_eq!(fact.kind(), "report_received");
    Ok(())
}
