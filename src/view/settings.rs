//! The settings pane: what the desk is connected to, and where things are kept.

use super::frame::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::domain::connection::Source;
use crate::model::Model;

use super::paper::{Paper, Weight};
use super::theme::{Look, Role};

/// Draws the pane.
pub fn draw(frame: &mut Frame, model: &Model, look: Look, area: Rect) {
    let mut paper = Paper::new(look, area.width);
    match (&model.connection, &model.connect_failure) {
        (Some(connection), _) => {
            let name = connection.account_name.as_ref().map_or_else(
                || "name not readable with these keys".to_owned(),
                crate::domain::Untrusted::visible,
            );
            let trial = if connection.is_trial {
                ", trial: only verified recipients"
            } else {
                ""
            };
            let service = connection.verify_service.as_ref().map_or_else(
                || "none".to_owned(),
                |service| format!("{}, {} digits", service.name.visible(), service.code_length),
            );
            let sender = connection
                .sender
                .as_ref()
                .map_or_else(|| "none".to_owned(), |sender| sender.name.visible());
            let account = format!("{name} ({}{trial})", connection.account_sid.short());
            paper
                .section(Weight::Vital)
                .labelled_text("Account", Role::Plain, &account)
                .labelled_text("Keys from", Role::Plain, connection.source.to_string())
                .labelled_text("Codes by", Role::Plain, &service)
                .labelled_text("Texts from", Role::Plain, &sender);
            super::setup::judgement(&mut paper, connection);
        }
        (None, Some(failure)) => {
            paper
                .section(Weight::Vital)
                .marked(Role::Needs, failure.phrase());
        }
        (None, None) => {
            paper
                .section(Weight::Vital)
                .marked(Role::Working, "Connecting");
        }
    }
    paper
        .section(Weight::Important)
        .labelled(
            "Country",
            vec![Span::raw(format!(
                "{} for numbers without a country code",
                model.setting.default_country
            ))],
        )
        .labelled_text("History", Role::Plain, &model.setting.kept_in)
        .labelled_text("Settings", Role::Plain, &model.setting.configured_in);
    if !model.setting.demo {
        paper
            .section(Weight::Important)
            .line(vec![Span::raw("c  connect another account")]);
        let source = model
            .connection
            .as_ref()
            .map(|connection| &connection.source);
        if matches!(source, Some(Source::Profile(_))) {
            paper.line(vec![Span::raw(
                "o  sign out: remove these keys from the keyring",
            )]);
        }
    }
    paper.section(Weight::Extra).text(
        Role::Dim,
        format!(
            "tuilio {}. Not affiliated with Twilio.",
            env!("CARGO_PKG_VERSION")
        ),
    );
    paper.draw(frame, area);
}
