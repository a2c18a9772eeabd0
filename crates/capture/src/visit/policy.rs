//! What the browser is told from above, as an administrator would: a second wall behind its flags.

/// Where Chromium reads such rules; inside the box only.
pub const POLICY_INSIDE: &str = "/etc/chromium/policies/managed/visit.json";

/// Nothing in the background, nothing around the proxy, nothing saved, no file of the box.
pub const POLICY: &str = r#"{
  "BackgroundModeEnabled": false,
  "BlockExternalExtensions": true,
  "BrowserNetworkTimeQueriesEnabled": false,
  "BuiltInDnsClientEnabled": false,
  "ComponentUpdatesEnabled": false,
  "DefaultPopupsSetting": 2,
  "DnsOverHttpsMode": "off",
  "DownloadRestrictions": 3,
  "ExtensionInstallBlocklist": ["*"],
  "GenAILocalFoundationalModelSettings": 1,
  "MetricsReportingEnabled": false,
  "NetworkPredictionOptions": 2,
  "PrintingEnabled": false,
  "QuicAllowed": false,
  "SafeBrowsingProtectionLevel": 0,
  "SearchSuggestEnabled": false,
  "SyncDisabled": true,
  "URLBlocklist": ["file://*", "ftp://*", "view-source:*"],
  "WebRtcIPHandling": "disable_non_proxied_udp"
}
"#;
