//! From an author's type to the component's exports.

use serde::de::DeserializeOwned;

/// Parses the operator's settings; the message is for the operator.
pub fn settings<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    // Serde would take a list for a struct as well.
    if !text.trim_start().starts_with('{') {
        return Err("settings are a table of names and values".into());
    }
    let mut json = serde_json::Deserializer::from_str(text);
    let settings = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let (path, message) = (error.path().to_string(), error.inner().to_string());
        // "at line 1 column 7" speaks of JSON that the operator never saw.
        let message = message.split(" at line ").next().unwrap_or(&message);
        match path.as_str() {
            "." | "?" => message.to_owned(),
            _ if message.starts_with("unknown field") => message.to_owned(),
            path => format!("{path}: {message}"),
        }
    })?;
    json.end().map_err(|_| "there is something behind the settings".to_owned())?;
    Ok(settings)
}

/// Makes a component of a policy: `policy!(Type: hook, …)`.
///
/// The hooks are `message` (the type implements [`MessagePolicy`](crate::MessagePolicy)), `archive`
/// ([`ArchivePolicy`](crate::ArchivePolicy)), `carbons` ([`CarbonsPolicy`](crate::CarbonsPolicy)), `delivery`
/// ([`DeliveryPolicy`](crate::DeliveryPolicy)), `push` ([`PushPolicy`](crate::PushPolicy)), `upload`
/// ([`UploadPolicy`](crate::UploadPolicy)), `room` ([`RoomPolicy`](crate::RoomPolicy)), `keys`
/// ([`KeysPolicy`](crate::KeysPolicy)) and `blocklist` ([`BlocklistPolicy`](crate::BlocklistPolicy)); besides there are
/// `samples` ([`ShowsSamples`](crate::ShowsSamples)), `state` ([`KeepsState`](crate::KeepsState)), `needs`
/// ([`Needs`](crate::Needs)) and `exemptions` ([`Exempts`](crate::Exempts)). Natively it only sees to it that the type has what they need.
#[macro_export]
macro_rules! policy {
    ($policy:ty: $($hook:ident),+ $(,)?) => {
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            std::thread_local! {
                static POLICY: std::cell::RefCell<Option<$policy>> = const { std::cell::RefCell::new(None) };
            }

            struct Component;

            impl Component {
                fn with<T>(answer: impl FnOnce(&mut $policy) -> T) -> T {
                    POLICY.with_borrow_mut(|policy| answer(policy.as_mut().expect("configured before it is asked")))
                }
            }

            $crate::bindings::lifecycle::export_lifecycle!(Component with_types_in $crate::bindings::lifecycle);

            impl $crate::bindings::lifecycle::exports::prosody::policy::lifecycle::Guest for Component {
                fn configure(settings: String) -> Result<(), String> {
                    let policy = <$policy as $crate::Policy>::configure($crate::settings(&settings)?)?;
                    POLICY.set(Some(policy));
                    Ok(())
                }
            }

            $($crate::policy_hook!($hook, $policy);)+
        };

        #[cfg(not(target_arch = "wasm32"))]
        const _: () = {
            let _ = <$policy as $crate::Policy>::configure;
            $($crate::policy_hook!($hook, $policy, natively);)+
        };
    };
}

/// One export of [`policy!`].
#[doc(hidden)]
#[macro_export]
macro_rules! policy_hook {
    (message, $policy:ty, natively) => {
        let _ = <$policy as $crate::MessagePolicy>::decide;
    };
    (archive, $policy:ty, natively) => {
        let _ = <$policy as $crate::ArchivePolicy>::keep;
    };
    (carbons, $policy:ty, natively) => {
        let _ = <$policy as $crate::CarbonsPolicy>::copy;
    };
    (delivery, $policy:ty, natively) => {
        let _ = <$policy as $crate::DeliveryPolicy>::deliver;
    };
    (push, $policy:ty, natively) => {
        let _ = <$policy as $crate::PushPolicy>::notify;
    };
    (upload, $policy:ty, natively) => {
        let _ = <$policy as $crate::UploadPolicy>::inspect;
    };
    (room, $policy:ty, natively) => {
        let _ = <$policy as $crate::RoomPolicy>::settle;
    };
    (keys, $policy:ty, natively) => {
        let _ = <$policy as $crate::KeysPolicy>::read;
    };
    (blocklist, $policy:ty, natively) => {
        let _ = <$policy as $crate::BlocklistPolicy>::change;
    };
    (needs, $policy:ty, natively) => {
        let _ = <$policy as $crate::Needs>::needed;
    };
    (exemptions, $policy:ty, natively) => {
        let _ = <$policy as $crate::Exempts>::exempt;
    };
    (samples, $policy:ty, natively) => {
        let _ = <$policy as $crate::ShowsSamples>::samples;
    };
    (state, $policy:ty, natively) => {
        let _ = <$policy as $crate::KeepsState>::restore;
    };
    (message, $policy:ty) => {
        $crate::bindings::message_policy::export_message_policy!(
            Component with_types_in $crate::bindings::message_policy
        );

        impl $crate::bindings::message_policy::exports::prosody::policy::message_policy::Guest for Component {
            fn wants() -> Vec<$crate::bindings::message_policy::exports::prosody::policy::message_policy::Want> {
                let wants = Self::with(|policy| <$policy as $crate::MessagePolicy>::wants(policy));
                wants.into_iter().map(Into::into).collect()
            }

            fn decide(
                passage: $crate::bindings::message_policy::prosody::policy::types::Passage,
            ) -> $crate::bindings::message_policy::prosody::policy::types::Decision {
                Self::with(|policy| <$policy as $crate::MessagePolicy>::decide(policy, passage.into())).into()
            }
        }
    };
    (archive, $policy:ty) => {
        $crate::bindings::archive_policy::export_archive_policy!(
            Component with_types_in $crate::bindings::archive_policy
        );

        impl $crate::bindings::archive_policy::exports::prosody::policy::archive_policy::Guest for Component {
            fn retention() -> Option<u32> {
                Self::with(|policy| <$policy as $crate::ArchivePolicy>::retention(policy))
            }

            fn decide(
                keeping: $crate::bindings::archive_policy::exports::prosody::policy::archive_policy::Keeping,
            ) -> $crate::bindings::archive_policy::exports::prosody::policy::archive_policy::Ruling {
                Self::with(|policy| <$policy as $crate::ArchivePolicy>::keep(policy, keeping.into())).into()
            }
        }
    };
    (carbons, $policy:ty) => {
        $crate::bindings::carbons_policy::export_carbons_policy!(
            Component with_types_in $crate::bindings::carbons_policy
        );

        impl $crate::bindings::carbons_policy::exports::prosody::policy::carbons_policy::Guest for Component {
            fn decide(
                passage: $crate::bindings::message_policy::prosody::policy::types::Passage,
            ) -> $crate::bindings::carbons_policy::exports::prosody::policy::carbons_policy::Ruling {
                Self::with(|policy| <$policy as $crate::CarbonsPolicy>::copy(policy, passage.into())).into()
            }
        }
    };
    (delivery, $policy:ty) => {
        $crate::bindings::delivery_policy::export_delivery_policy!(
            Component with_types_in $crate::bindings::delivery_policy
        );

        impl $crate::bindings::delivery_policy::exports::prosody::policy::delivery_policy::Guest for Component {
            fn decide(
                delivery: $crate::bindings::delivery_policy::exports::prosody::policy::delivery_policy::Delivery,
            ) -> $crate::bindings::delivery_policy::exports::prosody::policy::delivery_policy::Ruling {
                Self::with(|policy| <$policy as $crate::DeliveryPolicy>::deliver(policy, delivery.into())).into()
            }
        }
    };
    (push, $policy:ty) => {
        $crate::bindings::push_policy::export_push_policy!(Component with_types_in $crate::bindings::push_policy);

        impl $crate::bindings::push_policy::exports::prosody::policy::push_policy::Guest for Component {
            fn register(
                registration: $crate::bindings::push_policy::exports::prosody::policy::push_policy::Registration,
            ) -> $crate::bindings::push_policy::exports::prosody::policy::push_policy::AdmissionRuling {
                Self::with(|policy| <$policy as $crate::PushPolicy>::register(policy, registration.into())).into()
            }

            fn notify(
                notification: $crate::bindings::push_policy::exports::prosody::policy::push_policy::Notification,
            ) -> $crate::bindings::push_policy::exports::prosody::policy::push_policy::Ruling {
                Self::with(|policy| <$policy as $crate::PushPolicy>::notify(policy, notification.into())).into()
            }
        }
    };
    (upload, $policy:ty) => {
        $crate::bindings::upload_policy::export_upload_policy!(Component with_types_in $crate::bindings::upload_policy);

        impl $crate::bindings::upload_policy::exports::prosody::policy::upload_policy::Guest for Component {
            fn request(
                request: $crate::bindings::upload_policy::exports::prosody::policy::upload_policy::SlotRequest,
            ) -> $crate::bindings::upload_policy::exports::prosody::policy::upload_policy::SlotRuling {
                Self::with(|policy| <$policy as $crate::UploadPolicy>::request(policy, request.into())).into()
            }

            fn inspect(
                piece: $crate::bindings::upload_policy::exports::prosody::policy::upload_policy::Piece,
            ) -> $crate::bindings::upload_policy::exports::prosody::policy::upload_policy::ContentRuling {
                Self::with(|policy| <$policy as $crate::UploadPolicy>::inspect(policy, piece.into())).into()
            }

            fn expires() -> $crate::bindings::upload_policy::exports::prosody::policy::upload_policy::Expiry {
                Self::with(|policy| <$policy as $crate::UploadPolicy>::expiry(policy)).into()
            }
        }
    };
    (room, $policy:ty) => {
        $crate::bindings::room_policy::export_room_policy!(Component with_types_in $crate::bindings::room_policy);

        impl $crate::bindings::room_policy::exports::prosody::policy::room_policy::Guest for Component {
            fn settle(
                room: $crate::bindings::room_policy::exports::prosody::policy::room_policy::Room,
            ) -> $crate::bindings::room_policy::exports::prosody::policy::room_policy::Ruling {
                Self::with(|policy| <$policy as $crate::RoomPolicy>::settle(policy, room.into())).into()
            }
        }
    };
    (keys, $policy:ty) => {
        $crate::bindings::keys_policy::export_keys_policy!(Component with_types_in $crate::bindings::keys_policy);

        impl $crate::bindings::keys_policy::exports::prosody::policy::keys_policy::Guest for Component {
            fn read(
                reading: $crate::bindings::keys_policy::exports::prosody::policy::keys_policy::Reading,
            ) -> $crate::bindings::keys_policy::exports::prosody::policy::keys_policy::Ruling {
                Self::with(|policy| <$policy as $crate::KeysPolicy>::read(policy, reading.into())).into()
            }
        }
    };
    (blocklist, $policy:ty) => {
        $crate::bindings::blocklist_policy::export_blocklist_policy!(Component with_types_in $crate::bindings::blocklist_policy);

        impl $crate::bindings::blocklist_policy::exports::prosody::policy::blocklist_policy::Guest for Component {
            fn permit(
                change: $crate::bindings::blocklist_policy::exports::prosody::policy::blocklist_policy::Change,
            ) -> $crate::bindings::blocklist_policy::exports::prosody::policy::blocklist_policy::Ruling {
                Self::with(|policy| <$policy as $crate::BlocklistPolicy>::change(policy, change.into())).into()
            }
        }
    };
    (exemptions, $policy:ty) => {
        $crate::bindings::exemptions::export_exemptions!(Component with_types_in $crate::bindings::exemptions);

        impl $crate::bindings::exemptions::exports::prosody::policy::exemptions::Guest for Component {
            fn exempt() -> Vec<$crate::bindings::exemptions::exports::prosody::policy::exemptions::Exemption> {
                let exempt = Self::with(|policy| <$policy as $crate::Exempts>::exempt(policy));
                exempt.into_iter().map(Into::into).collect()
            }
        }
    };
    (needs, $policy:ty) => {
        $crate::bindings::needs::export_needs!(Component with_types_in $crate::bindings::needs);

        impl $crate::bindings::needs::exports::prosody::policy::needs::Guest for Component {
            fn needed() -> $crate::bindings::needs::exports::prosody::policy::needs::Facts {
                Self::with(|policy| <$policy as $crate::Needs>::needed(policy)).into_iter().collect()
            }
        }
    };
    (samples, $policy:ty) => {
        $crate::bindings::samples::export_samples!(Component with_types_in $crate::bindings::samples);

        impl $crate::bindings::samples::exports::prosody::policy::samples::Guest for Component {
            fn show() -> Vec<$crate::bindings::samples::exports::prosody::policy::samples::Sample> {
                let samples = Self::with(|policy| <$policy as $crate::ShowsSamples>::samples(policy));
                samples.into_iter().map(Into::into).collect()
            }
        }
    };
    (state, $policy:ty) => {
        $crate::bindings::state::export_state!(Component with_types_in $crate::bindings::state);

        impl $crate::bindings::state::exports::prosody::policy::state::Guest for Component {
            fn save() -> Vec<u8> {
                Self::with(|policy| <$policy as $crate::KeepsState>::save(policy))
            }

            fn restore(version: String, state: Vec<u8>) -> Result<(), String> {
                Self::with(|policy| <$policy as $crate::KeepsState>::restore(policy, &version, state))
            }
        }
    };
}

#[cfg(test)]
mod tests {
    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read by serde")]
    struct Settings {
        strict: Option<bool>,
        texts: Option<std::collections::BTreeMap<String, String>>,
    }

    #[test]
    fn errors_name_the_setting() {
        for (text, expected) in [
            (r#"{"strict": "no"}"#, "strict: invalid type: string \"no\", expected a boolean"),
            (r#"{"texts": {"de": 1}}"#, "texts.de: invalid type: integer `1`, expected a string"),
            (r#"{"stric": true}"#, "unknown field `stric`, expected `strict` or `texts`"),
            ("[]", "settings are a table of names and values"),
        ] {
            assert_eq!(super::settings::<Settings>(text).unwrap_err(), expected);
        }
        assert!(super::settings::<Settings>(r#"{"strict": true} {}"#).is_err());
    }
}
