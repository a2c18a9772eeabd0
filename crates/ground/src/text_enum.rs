//! Words that are stored as text: one macro gives an enum its spelling everywhere.

/// Defines an enum whose variants are stored, logged and serialised as fixed lower-case text.
///
/// Gives `as_str`, `ALL`, `Display`, `FromStr`, serde, and conversion to and from a column of
/// either engine. The spelling is written once, beside the variant, so a table, a ledger line and a
/// form can never drift apart.
#[macro_export]
macro_rules! text_enum {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$vmeta])* $variant),+ }

        impl $name {
            /// Every value, in the order of definition.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stored spelling.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::id::Unreadable;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    _ => Err($crate::id::Unreadable { wanted: stringify!($name) }),
                }
            }
        }

        $crate::stored_as_text!($name);
    };
}

/// Gives a type with `Display` and `FromStr` its serde form and its column form: text.
#[macro_export]
macro_rules! stored_as_text {
    ($name:ty) => {
        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = <::std::borrow::Cow<'de, str> as ::serde::Deserialize>::deserialize(d)?;
                text.parse().map_err(::serde::de::Error::custom)
            }
        }

        impl From<$name> for $crate::sea_orm::Value {
            fn from(value: $name) -> Self {
                $crate::sea_orm::Value::from(value.to_string())
            }
        }

        impl $crate::sea_orm::TryGetable for $name {
            fn try_get_by<I: $crate::sea_orm::ColIdx>(
                row: &$crate::sea_orm::QueryResult,
                index: I,
            ) -> Result<Self, $crate::sea_orm::TryGetError> {
                let text = <String as $crate::sea_orm::TryGetable>::try_get_by(row, index)?;
                text.parse().map_err(|fault: $crate::id::Unreadable| {
                    $crate::sea_orm::TryGetError::DbErr($crate::sea_orm::DbErr::Type(
                        fault.to_string(),
                    ))
                })
            }
        }

        impl $crate::sea_orm::sea_query::Nullable for $name {
            fn null() -> $crate::sea_orm::Value {
                $crate::sea_orm::Value::String(None)
            }
        }
    };
}
