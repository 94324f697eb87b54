//! Every state of a check as pictures: at the three sizes, without colour, and in ASCII.

use crate::desk::Desk;
use crate::screens::{all, looks};
use crate::states::{
    approved_in_another_window, begun, code_typed, no_whatsapp, refused, wrong_codes,
};

fn both(name: &str, mut desk: Desk) {
    let name = format!("state-{name}");
    all(&name, &mut desk);
    looks(&name, &mut desk);
}

#[test]
fn before_a_code_is_sent() {
    both("idle", Desk::demo("happy"));
    let mut desk = Desk::demo("happy");
    desk.press("415 555 01");
    both("typed", desk);
    let mut desk = Desk::demo("happy");
    desk.press("415 555 0100");
    both("validated", desk);
    let mut desk = Desk::demo("happy");
    desk.paste("+1 264 555 0140").press("<Enter>");
    both("caution", desk);
}

#[test]
fn while_a_code_is_awaited() {
    let mut desk = Desk::demo("slow_network");
    desk.latency(9.0)
        .paste("415 555 0100")
        .press("<Enter>")
        .wait(3.0);
    both("sending", desk);
    both("sent", begun("happy", 0.5));
    both("delivered", begun("happy", 12.0));
    let mut desk = begun("happy", 12.0);
    desk.press("482");
    both("read", desk);
    both("wrong", wrong_codes(1));
    both("wrong-twice", wrong_codes(2));
    both("sends-used-up", begun("sends_used_up", 12.0));
    both("two-desks", begun("two_desks", 26.0));
    both("not-delivered", begun("not_arrived", 30.0));
    both("too-fast", begun("too_many_starts", 1.0));
    both("not-known", begun("lost_request", 5.0));
    let mut desk = refused("happy", "415 555 0114");
    desk.press("c").wait(60.0);
    both("nobody-answered", desk);
}

#[test]
fn after_a_refusal() {
    both("landline", refused("landline", "415 555 0100"));
    both("blocked", refused("blocked", "415 555 0100"));
    both("country-closed", refused("closed_country", "415 555 0100"));
    both("not-set-up", no_whatsapp());
    both("keys-refused", refused("keys_refused", "415 555 0100"));
}

#[test]
fn after_an_end() {
    both("approved", code_typed(begun("happy", 12.0)));
    both("expired", begun("happy", 601.0));
    both(
        "approved-elsewhere",
        code_typed(begun("approved_elsewhere", 6.0)),
    );
    let folder = tempfile::tempdir().unwrap();
    both("approved-here", approved_in_another_window(folder.path()));
    both("tries-used-up", wrong_codes(5));
    both(
        "stopped-elsewhere",
        code_typed(begun("cancelled_elsewhere", 6.0)),
    );
    both("never-started", code_typed(begun("never_started", 3.0)));
    let mut desk = begun("happy", 5.0);
    desk.press("x").wait(1.0);
    both("stopped", desk);
}
