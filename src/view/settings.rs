//! The settings pane: what the desk is connected to, what the agent may change, what the lead has set,
//! and where things are kept.

use ratatui::layout::Rect;

use super::frame::Frame;
use crate::domain::{Connection, Notices, Phrase, phrase};
use crate::keymap::{Action, Place};
use crate::model::settings::Introduction;
use crate::model::{Click, Model};

use super::paper::{Paper, Weight};
use super::theme::{Look, Role};
use super::{footer, setup};

/// So many profiles are shown at once.
const PROFILES: usize = 3;

/// Draws the pane.
pub fn draw(frame: &mut Frame, model: &Model, look: Look, area: Rect) {
    let mut paper = Paper::new(look, area.width);
    if let Some(introduction) = &model.settings.introduction {
        you(&mut paper, model, introduction);
        return paper.draw(frame, area);
    }
    match (&model.connection, &model.connect_failure) {
        (Some(connection), _) => connected(&mut paper, connection),
        (None, Some(failure)) => {
            paper
                .section(Weight::Vital)
                .marked(Role::Needs, failure.phrase())
                .offer(
                    Place::Always,
                    Action::Doctor,
                    phrase!("what is wrong, link by link"),
                );
        }
        (None, None) => {
            paper
                .section(Weight::Vital)
                .marked(Role::Working, phrase!("Connecting"));
        }
    }
    profiles(&mut paper, model);
    switches(&mut paper, model, look);
    rules(&mut paper, model, usize::from(area.height));
    account_keys(&mut paper, model);
    places(&mut paper, model);
    paper.section(Weight::Extra).text(
        Role::Dim,
        phrase!(
            "tuilio {version}. Not affiliated with Twilio.",
            version = env!("CARGO_PKG_VERSION")
        ),
    );
    paper.draw(frame, area);
}

/// Alias and country, while they are being typed.
fn you(paper: &mut Paper, model: &Model, introduction: &Introduction) {
    paper
        .section(Weight::Vital)
        .text(Role::Strong, phrase!("You"));
    setup::alias_and_country(paper, &introduction.you);
    if let Some(problem) = &introduction.problem {
        paper.section(Weight::Vital).marked(Role::Wrong, problem);
    }
    let kept = if model.setting.demo {
        phrase!("The demo writes no file: it holds until the demo ends.")
    } else {
        phrase!(
            "It holds at once, and is written into {file}.",
            file = model.setting.configured_in.as_str()
        )
    };
    paper.section(Weight::Useful).text(Role::Dim, kept);
}

fn connected(paper: &mut Paper, connection: &Connection) {
    let name = connection.account_name.as_ref();
    let name: Phrase = match name {
        Some(name) => Phrase::verbatim(name.visible()),
        None => phrase!("name not readable with these keys"),
    };
    let sid = connection.account_sid.short();
    let account = if connection.is_trial {
        phrase!(
            "{name} ({account}, trial: only verified recipients)",
            name = name,
            account = sid
        )
    } else {
        phrase!("{name} ({account})", name = name, account = sid)
    };
    let service = match &connection.verify_service {
        Some(service) => phrase!(
            "{service}, {n} digits",
            service = service.name.visible(),
            n = service.code_length
        ),
        None => phrase!("none known: paste its SID (VA…) together with the keys"),
    };
    let sender: Phrase = match &connection.sender {
        Some(sender) => Phrase::verbatim(sender.name.visible()),
        None => phrase!("none known: paste it together with the keys"),
    };
    paper
        .section(Weight::Vital)
        .labelled_text(phrase!("Account"), Role::Plain, account)
        .labelled_text(
            phrase!("Keys from"),
            Role::Plain,
            connection.source.phrase(),
        )
        .labelled_text(phrase!("Codes by"), Role::Plain, service)
        .labelled_text(phrase!("Texts from"), Role::Plain, sender);
    setup::judgement(paper, connection);
}

/// The profiles, where there are several: as many around the marked one as do no harm to the rest.
fn profiles(paper: &mut Paper, model: &Model) {
    let settings = &model.settings;
    if settings.profiles.len() < 2 {
        return;
    }
    paper.section(Weight::Vital);
    let first = (settings.marked + 1).saturating_sub(PROFILES);
    let shown = settings.profiles.iter().enumerate();
    for (at, profile) in shown.skip(first).take(PROFILES) {
        let label = if at == first {
            phrase!("Profiles")
        } else {
            Phrase::of("")
        };
        let mut spans = vec![
            paper.span(Role::Plain, Phrase::verbatim(&profile.name)),
            paper.span(
                Role::Dim,
                Phrase::verbatim(format!("   {}", profile.account.visible())),
            ),
        ];
        let name = Some(profile.name.as_str());
        let state = if settings.switching.as_deref() == name {
            Some((Role::Working, phrase!("reading the keys")))
        } else if model.profile_in_use() == name {
            Some((Role::Done, phrase!("in use")))
        } else {
            None
        };
        if let Some((role, word)) = state {
            spans.push(paper.span(Role::Plain, Phrase::verbatim("   ")));
            spans.push(paper.state(role, word));
        }
        paper
            .focus_line(label, at == settings.marked, spans)
            .clickable(Click::Row(at));
    }
}

/// What the agent changes here, each with its key and as it is now.
fn switches(paper: &mut Paper, model: &Model, look: Look) {
    let setting = &model.setting;
    let theme = setting.theme.as_deref().unwrap_or("terminal");
    let theme = if look.color {
        phrase!("theme: {theme}", theme = theme)
    } else {
        phrase!("theme: {theme}, without colours here", theme = theme)
    };
    let on = |on: bool, words: [Phrase; 2]| {
        let [yes, no] = words;
        if on { yes } else { no }
    };
    let switches = [
        (
            Action::OtherLanguage,
            phrase!("language: {language}", language = setting.language.name()),
        ),
        (
            Action::Introduce,
            match &setting.agent {
                Some(alias) => phrase!(
                    "alias: {alias}, country: {country}",
                    alias = alias,
                    country = &setting.default_country
                ),
                None => phrase!(
                    "alias: none, country: {country}",
                    country = &setting.default_country
                ),
            },
        ),
        (Action::Theme, theme),
        (
            Action::Mouse,
            on(setting.mouse, [phrase!("mouse: on"), phrase!("mouse: off")]),
        ),
        (
            Action::Masked,
            on(
                setting.masked || model.policy.revealing().is_err(),
                [phrase!("numbers: masked"), phrase!("numbers: whole")],
            ),
        ),
        (
            Action::Bell,
            on(setting.bell, [phrase!("bell: on"), phrase!("bell: off")]),
        ),
        (
            Action::Notices,
            match setting.notices {
                Notices::Off => phrase!("notices: off"),
                // Terminals know the one or the other; which, the agent sees.
                Notices::Osc9 => phrase!("notices: on, first kind"),
                Notices::Osc777 => phrase!("notices: on, second kind"),
            },
        ),
        (
            Action::Links,
            on(setting.links, [phrase!("links: on"), phrase!("links: off")]),
        ),
    ];
    let keys = switches
        .into_iter()
        .map(|(action, words)| paper.key(Place::Settings, action, words))
        .collect();
    paper.section(Weight::Vital).flow(keys);
}

/// What the lead has set, where there is room for all of it; else how much it is, and its key.
fn rules(paper: &mut Paper, model: &Model, height: usize) {
    if let Some(broken) = &model.policy.off {
        paper.section(Weight::Vital).marked(Role::Needs, broken);
        return;
    }
    let rules = model.lead_rules();
    if rules.is_empty() {
        return;
    }
    let look = paper.look();
    let rows: usize = rules
        .iter()
        .map(|rule| super::paper::rows(&look.say(rule), paper.line_width()).len())
        .sum();
    if paper.lines() + rows < height {
        paper
            .section(Weight::Vital)
            .text(Role::Strong, phrase!("Set by your lead"));
        for rule in rules {
            paper.text(Role::Plain, rule);
        }
        return;
    }
    let said = match rules.len() {
        1 => phrase!("Set by your lead: 1 rule."),
        n => phrase!("Set by your lead: {n} rules.", n = n),
    };
    let said = paper.span(Role::Strong, said).into();
    let key = paper.key(Place::Settings, Action::Rules, phrase!("read all of it"));
    paper.section(Weight::Vital).flow(vec![said, key]);
}

/// Another account, and the way out of this one.
fn account_keys(paper: &mut Paper, model: &Model) {
    let offered = [
        (Action::Connect, phrase!("connect another account")),
        (
            Action::SignOut,
            phrase!("sign out: remove these keys from the keyring"),
        ),
    ];
    paper.section(Weight::Useful);
    for (action, words) in offered {
        if footer::offers(model, Place::Settings, action) {
            paper.offer(Place::Settings, action, words);
        }
    }
}

/// Where things are kept.
fn places(paper: &mut Paper, model: &Model) {
    let setting = &model.setting;
    let (history, settings): (Phrase, Phrase) = if setting.demo {
        (
            phrase!("memory: it is gone when the demo ends"),
            phrase!("nowhere: the demo writes no file"),
        )
    } else {
        (
            Phrase::verbatim(&setting.kept_in),
            Phrase::verbatim(&setting.configured_in),
        )
    };
    paper
        .section(Weight::Important)
        .labelled_text(
            phrase!("Country"),
            Role::Plain,
            phrase!(
                "{country} for numbers without a country code",
                country = &setting.default_country
            ),
        )
        .labelled_text(phrase!("History"), Role::Plain, history)
        .labelled_text(phrase!("Set in"), Role::Plain, settings);
}
