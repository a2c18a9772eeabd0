//! The data calls of RIPEstat that Meldpunt asks, each in the envelope RIPEstat puts around its data.

use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::network::Network;

/// The time all answers of the demo are told to be of.
const AS_OF: &str = "2026-01-05T08:00:00";

pub(super) fn router() -> Router {
    Router::new().route("/data/{call}/data.json", get(data_call))
}

#[derive(Debug, Deserialize)]
struct Question {
    resource: Option<String>,
}

async fn data_call(Path(call): Path<String>, Query(question): Query<Question>) -> Response {
    let Some(resource) = question.resource.filter(|resource| !resource.is_empty()) else {
        return refused(
            &call,
            StatusCode::BAD_REQUEST,
            "the parameter resource is required",
        );
    };
    let network = Network::with(&resource);
    let data = match call.as_str() {
        "network-info" => network_info(network),
        "prefix-overview" => prefix_overview(&resource, network),
        "abuse-contact-finder" => abuse_contact_finder(&resource, network),
        "rir-geo" => rir_geo(&resource, network),
        "maxmind-geo-lite" => geo_lite(&resource, network),
        _ => return refused(&call, StatusCode::NOT_FOUND, "there is no such data call"),
    };
    Json(envelope(&call, StatusCode::OK, &json!([]), &data)).into_response()
}

fn envelope(call: &str, status: StatusCode, messages: &Value, data: &Value) -> Value {
    json!({
        "messages": messages,
        "see_also": [],
        "version": "1.1",
        "data_call_name": call,
        "data_call_status": "supported",
        "cached": false,
        "data": data,
        "query_id": "20260105080000-00000000-0000-0000-0000-000000000000",
        "process_time": 1,
        "server_id": "demonstration",
        "build_version": "demonstration",
        "status": if status.is_success() { "ok" } else { "error" },
        "status_code": status.as_u16(),
        "time": AS_OF,
    })
}

fn refused(call: &str, status: StatusCode, words: &str) -> Response {
    let body = envelope(call, status, &json!([["error", words]]), &json!({}));
    (status, Json(body)).into_response()
}

/// Systems and prefix; of an address nobody announces, no system and an empty prefix.
fn network_info(network: Option<&Network>) -> Value {
    match network {
        Some(network) => json!({"asns": [network.system.to_string()], "prefix": network.range()}),
        None => json!({"asns": [], "prefix": ""}),
    }
}

fn prefix_overview(resource: &str, network: Option<&Network>) -> Value {
    let systems = network.map(|network| {
        let holder = format!("{} - {}, {}", network.name, network.holder, network.country);
        json!([{"asn": network.system, "holder": holder}])
    });
    let range = network.map_or(resource, |network| network.range());
    json!({
        "is_less_specific": range != resource,
        "announced": network.is_some(),
        "asns": systems.unwrap_or_else(|| json!([])),
        "related_prefixes": [],
        "resource": range,
        "type": "prefix",
        "block": {"resource": range, "desc": "reserved for documentation", "name": "demonstration"},
        "actual_num_related": 0,
        "query_time": AS_OF,
        "num_filtered_out": 0,
    })
}

fn abuse_contact_finder(resource: &str, network: Option<&Network>) -> Value {
    let contacts: Vec<_> = network
        .and_then(|network| network.abuse.mail())
        .into_iter()
        .collect();
    json!({
        "abuse_contacts": contacts,
        "authoritative_rir": network.map_or("", |network| network.registry),
        "latest_time": AS_OF,
        "earliest_time": AS_OF,
        "parameters": {"resource": resource, "cache": null},
    })
}

fn rir_geo(resource: &str, network: Option<&Network>) -> Value {
    let located: Vec<_> = network
        .map(|network| json!({"resource": network.range(), "location": network.country}))
        .into_iter()
        .collect();
    json!({
        "located_resources": located,
        "result_time": AS_OF,
        "earliest_time": AS_OF,
        "latest_time": AS_OF,
        "parameters": {"resource": resource, "query_time": AS_OF, "cache": null},
    })
}

fn geo_lite(resource: &str, network: Option<&Network>) -> Value {
    let located: Vec<_> = network
        .map(|network| {
            json!({
                "resource": network.range(),
                "locations": [{
                    "country": network.country,
                    "city": "",
                    "resources": [network.range()],
                    "latitude": null,
                    "longitude": null,
                    "covered_percentage": 100.0,
                    "unknown_percentage": 0.0,
                }],
                "unknown_percentage": 0.0,
            })
        })
        .into_iter()
        .collect();
    json!({
        "located_resources": located,
        "unknown_percentage": {"v4": 0.0, "v6": 0.0},
        "result_time": AS_OF,
        "parameters": {"resource": resource, "cache": null},
    })
}
