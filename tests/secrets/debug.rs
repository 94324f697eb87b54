//! What is printed for a programmer: `Debug` of everything that can hold a key or a code.
//!
//! Two ways: values that hold a marked one are printed and searched; and all types of the source are
//! walked, so that one which is written tomorrow and would print a secret is found, too.

use std::fmt::Debug;
use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::Trial;
use secrecy::zeroize::Zeroizing;
use syn::punctuated::Punctuated;
use syn::visit::Visit;
use tuilio::config::Selected;
use tuilio::domain::connection::{Credentials, Keys};
use tuilio::domain::paste;
use tuilio::domain::sid::{AccountSid, ApiKeySid};
use tuilio::domain::{Call, Code, PhoneNumber, Secret, Timestamp, VerificationKey};
use tuilio::keymap::{Chord, Key};
use tuilio::model::field::Field;
use tuilio::model::setup::Setup;
use tuilio::model::setup::import::{Import, PlainPlace, Surroundings};
use tuilio::model::{Ask, Effect, Event, Pasted, PhoneItem, Stamped};
use tuilio::simulator::{Scene, World};
use tuilio::twilio::wire::{BasicAuth, Host, Method, Request, Response};
use tuilio::twilio::{Client, TwilioConfig};
use tuilio::vault::{MemoryVault, StoredCredentials, Vault};

use crate::search::{Mark, assert_clean};
use crate::trial;

const SECRET: &str = "c4nary0f9a3b5d7e1f2a4c6e8b0d1f3a";
const CODE: &str = "7391804265";

pub fn trials() -> Vec<Trial> {
    vec![
        trial("no_value_that_holds_a_secret_prints_it", values),
        trial("no_type_that_could_hold_a_secret_derives_its_debug", types),
        trial("the_walk_finds_a_type_that_would_print_a_secret", bites),
    ]
}

fn sid<T: std::str::FromStr<Err: Debug>>(prefix: &str) -> T {
    format!("{prefix}{}", "1".repeat(32)).parse().unwrap()
}

fn values() {
    let marks = [Mark::secret("secret", SECRET), Mark::code("code", CODE)];
    let show = |value: &dyn Debug| {
        for text in [format!("{value:?}"), format!("{value:#?}")] {
            assert!(!text.is_empty());
            // Each digit alone is as good as all of them.
            let flat: String = text.split_whitespace().collect();
            for text in [&text, &flat] {
                let name = text.chars().take(40).collect::<String>();
                assert_clean(&marks, &name, text.as_bytes());
            }
        }
    };
    let secret = || Secret::new(SECRET);
    let code = || Code::parse(CODE).unwrap();
    let keys = |credentials| Keys {
        account_sid: sid("AC"),
        credentials,
        region: None,
    };
    let by_key = || Credentials::ApiKey {
        sid: sid("SK"),
        secret: secret(),
    };
    show(&secret());
    show(&code());
    show(&keys(Credentials::AuthToken(secret())));
    show(&keys(by_key()));
    show(&Selected::Environment(keys(by_key())));
    for stored in [
        StoredCredentials::AuthToken(secret()),
        StoredCredentials::ApiSecret(secret()),
    ] {
        show(&stored.encode().unwrap());
        show(&stored);
    }
    let vault = MemoryVault::default();
    vault.write("work", &secret()).unwrap();
    show(&vault);

    let text = format!(
        "account {} key {} secret {SECRET}",
        sid::<AccountSid>("AC"),
        sid::<ApiKeySid>("SK")
    );
    let found = paste::Pasted::find(&text);
    assert!(found.secret.is_some());
    show(&found);
    let mut setup = Setup::new(true);
    setup.paste.insert(&text);
    setup.edited();
    show(&setup);
    for effect in setup.submit() {
        show(&effect);
    }
    show(&setup);
    let mut field = Field::line();
    field.set(CODE);
    show(&field);
    field.set(SECRET);
    show(&field);

    let call = || Call::CheckVerification {
        service: sid("VA"),
        key: VerificationKey::Sid(sid("VE")),
        code: code(),
    };
    show(&call());
    show(&Effect::Call {
        ask: Ask::Once,
        call: call(),
    });
    show(&Effect::TryKeys {
        ask: Ask::Once,
        keys: keys(by_key()),
        call: call(),
    });
    let import = Import {
        stranded: None,
        place: PlainPlace::Environment,
        keys: keys(by_key()),
    };
    let around = Surroundings {
        imports: vec![import],
        ..Surroundings::default()
    };
    let item = PhoneItem {
        to: "+14155550123".to_owned(),
        kind: "sms".to_owned(),
        from: "Acme".to_owned(),
        body: format!("Your code is {CODE}"),
        code: Some(CODE.to_owned()),
        at: Timestamp::UNIX_EPOCH,
    };
    let digits = CODE.chars().map(|digit| Event::Key {
        chord: Chord::plain(Key::Char(digit)),
        held: false,
    });
    show(&digits.collect::<Vec<_>>());
    for event in [
        Event::Pasted(Pasted(Zeroizing::new(text.clone()))),
        Event::Pasted(Pasted(Zeroizing::new(CODE.to_owned()))),
        Event::LookedAround(Box::new(around)),
        Event::PhoneRang(vec![item]),
    ] {
        show(&Stamped {
            at: Timestamp::UNIX_EPOCH,
            event,
        });
    }

    let config = TwilioConfig::new(sid("AC"), by_key());
    show(&config);
    show(&Client::connect(config));
    let form = vec![("Code".to_owned(), CODE.to_owned())];
    show(&Request {
        method: Method::Post,
        host: Host::Verify,
        path: format!("/v2/Verifications/{CODE}"),
        query: vec![("AuthToken".to_owned(), SECRET.to_owned())],
        form,
        auth: Some(BasicAuth {
            username: "AC".to_owned(),
            password: secret(),
        }),
    });
    show(&Response {
        status: 200,
        headers: vec![("X".to_owned(), SECRET.to_owned())],
        body: format!("{{\"auth_token\":\"{SECRET}\"}}").into_bytes(),
    });
    let world = World::new(1, Scene::named("happy").unwrap(), Timestamp::UNIX_EPOCH);
    let of_world = [Mark::secret(
        "secret",
        world.credentials().api_secret.expose(),
    )];
    assert_clean(&of_world, "a world", format!("{world:?}").as_bytes());
    let number: PhoneNumber = PhoneNumber::from_e164("+14155550123").unwrap();
    assert!(!format!("{number:?}").contains("5550123"));
}

/// Words of which the name of a field may consist that holds what must not be printed.
const TELLING: &[&str] = &["secret", "token", "password", "otp", "pin", "passphrase"];
/// Types whose own `Debug` prints what is in them, although they are there for secrets.
const WIPED: &[&str] = &["Zeroizing", "Zeroize"];
/// Types of text that print what is in them.
const TEXT: &[&str] = &["String", "str", "Vec", "Box", "Cow"];

fn types() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut walked = 0;
    for file in files(&source) {
        let text = fs::read_to_string(&file).unwrap();
        let found = telling(&text);
        walked += found.0;
        assert!(found.1.is_empty(), "{}: {:?}", file.display(), found.1);
    }
    assert!(walked > 200, "only {walked} types were walked");
}

fn bites() {
    let (walked, found) = telling(
        "#[derive(Clone, Debug)] struct A { api_secret: Option<String> }\n\
         #[derive(Debug)] struct B(Zeroizing<String>);\n\
         #[derive(Debug)] enum C { D { token: Box<str> }, E }\n\
         #[derive(Debug)] struct F { secret: Secret, tokens: usize, body: String }\n\
         struct G { secret: String }",
    );
    assert_eq!(walked, 5);
    assert_eq!(found, ["A.api_secret", "B.0", "C.token"]);
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let rust = crate::place::files(folder).into_iter();
    rust.filter(|file| file.extension().is_some_and(|end| end == "rs"))
        .collect()
}

/// How many types there are, and the fields that would be printed.
fn telling(source: &str) -> (usize, Vec<String>) {
    #[derive(Default)]
    struct Walk {
        types: usize,
        found: Vec<String>,
    }
    impl Walk {
        fn fields(&mut self, name: &syn::Ident, fields: &syn::Fields) {
            for (at, field) in fields.iter().enumerate() {
                let words = names(&field.ty);
                let called = field
                    .ident
                    .as_ref()
                    .map_or_else(|| at.to_string(), ToString::to_string);
                let telling = called.split('_').any(|word| TELLING.contains(&word))
                    && words.iter().any(|word| TEXT.contains(&word.as_str()));
                let wiped = words.iter().any(|word| WIPED.contains(&word.as_str()));
                if telling || wiped {
                    self.found.push(format!("{name}.{called}"));
                }
            }
        }
    }
    impl<'a> Visit<'a> for Walk {
        fn visit_item_struct(&mut self, item: &'a syn::ItemStruct) {
            self.types += 1;
            if derives_debug(&item.attrs) {
                self.fields(&item.ident, &item.fields);
            }
        }

        fn visit_item_enum(&mut self, item: &'a syn::ItemEnum) {
            self.types += 1;
            if derives_debug(&item.attrs) {
                for variant in &item.variants {
                    self.fields(&item.ident, &variant.fields);
                }
            }
        }
    }
    let mut walk = Walk::default();
    walk.visit_file(&syn::parse_file(source).unwrap());
    (walk.types, walk.found)
}

fn derives_debug(attributes: &[syn::Attribute]) -> bool {
    let derives = attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("derive"));
    derives
        .flat_map(|attribute| {
            attribute
                .parse_args_with(Punctuated::<syn::Path, syn::Token![,]>::parse_terminated)
                .unwrap()
        })
        .any(|path| path.is_ident("Debug"))
}

/// All names in a type.
fn names(ty: &syn::Type) -> Vec<String> {
    struct Names(Vec<String>);
    impl<'a> Visit<'a> for Names {
        fn visit_ident(&mut self, ident: &'a syn::Ident) {
            self.0.push(ident.to_string());
        }
    }
    let mut names = Names(Vec::new());
    names.visit_type(ty);
    names.0
}
