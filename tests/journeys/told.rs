//! What the agent is told before it matters: that a key did nothing, that a number is dear, that a check
//! was ended elsewhere, whose name a text bears.

use tuilio::twilio::wire::Method::Post;

use crate::desk::Desk;

const CODES: &str = "/Verifications";
const BURST: &str = "That came as fast as a paste, so Enter did nothing. Press Enter again.";

#[test]
fn an_enter_that_came_as_fast_as_a_paste_says_that_it_did_nothing() {
    let mut desk = Desk::at_work("happy");
    desk.burst("4155550100\n").sees("+1 415 555 0100").sees(BURST);
    assert_eq!(desk.requests(Post, CODES), 0);
    desk.press("<Enter>").wait(2.0).sees("Waiting for the code");
    assert_eq!(desk.requests(Post, CODES), 1);

    let mut desk = Desk::at_work("happy");
    desk.burst("4155550100").sees("+1 415 555 0100").sees_no(BURST);
    desk.paste("4155550101\n").sees_no(BURST);
    // What is wrong with it matters more.
    desk.press("<Enter>").wait(2.0).burst("no number\n");
    desk.sees("There are no digits").sees_no(BURST);
}
