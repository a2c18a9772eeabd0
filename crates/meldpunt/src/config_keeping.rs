//! The sections `[police]` and `[retention]` of the configuration: how long things are held and kept.

/// Police.
#[derive(Debug, Clone, confique::Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Police {
    /// How long a hold lasts before the liaison is asked, hours.
    #[config(default = 24)]
    pub hold_hours: u32,
}

/// Retention.
#[derive(Debug, Clone, confique::Config)]
#[config(layer_attr(serde(deny_unknown_fields)))]
pub struct Retention {
    /// What a sender said and how to reach them, days after the report was closed.
    #[config(default = 90)]
    pub report_days: u32,
    /// Pictures that are not illegal, days after they were judged.
    #[config(default = 7)]
    pub not_illegal_days: u32,
    /// Illegal pictures, days after their last removal was concluded.
    #[config(default = 30)]
    pub illegal_days: u32,
}
