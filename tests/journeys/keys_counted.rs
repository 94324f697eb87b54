//! How many keys each task takes, counted: a key, a paste and a click are one each, and what a modifier
//! adds is not counted. A task that takes one more than stands here has become slower. The first run is
//! counted where it is told.

use crate::desk::{Desk, MOBILE};

/// A task: what is done before it, what is done for it, what is seen then, and how many keys it may take.
struct Task {
    name: &'static str,
    before: fn(&mut Desk),
    keys: fn(&mut Desk),
    then: &'static str,
    count: usize,
}

fn nothing(_: &mut Desk) {}

fn code_is_out(desk: &mut Desk) {
    desk.paste("415 555 0100").press("<Enter>").wait(5.0);
}

fn approved(desk: &mut Desk) {
    code_is_out(desk);
    read_code(desk);
}

fn read_code(desk: &mut Desk) {
    desk.reads_back(MOBILE).wait(0.5);
}

fn wrong_code(desk: &mut Desk) {
    let wrong = if desk.code_on_phone(MOBILE) == "111111" {
        "222222"
    } else {
        "111111"
    };
    desk.press(wrong).wait(0.5);
}

const TASKS: &[Task] = &[
    Task {
        name: "check a number that is pasted",
        before: nothing,
        keys: approved,
        then: "Approved",
        count: 8,
    },
    Task {
        name: "check a number that is typed",
        before: nothing,
        keys: |desk| {
            desk.press("4155550100<Enter>");
            read_code(desk);
        },
        then: "Approved",
        count: 17,
    },
    Task {
        name: "a wrong code, then the right one",
        before: code_is_out,
        keys: |desk| {
            wrong_code(desk);
            desk.sees("That was not the code");
            read_code(desk);
        },
        then: "after 1 wrong code",
        count: 12,
    },
    Task {
        name: "send the code again",
        before: |desk| {
            code_is_out(desk);
            desk.wait(40.0);
        },
        keys: |desk| {
            desk.press("r");
        },
        then: "3 of 5",
        count: 1,
    },
    Task {
        name: "call instead",
        before: code_is_out,
        keys: |desk| {
            desk.press("c").wait(3.0);
        },
        then: "3 of 5",
        count: 1,
    },
    Task {
        name: "did it arrive?",
        before: code_is_out,
        keys: |desk| {
            desk.wait(10.0);
        },
        then: "Delivered",
        count: 0,
    },
    Task {
        name: "evidence for the ticket",
        before: approved,
        keys: |desk| {
            desk.press("y");
            assert_eq!(desk.copied.len(), 1);
        },
        then: "Approved",
        count: 1,
    },
    Task {
        name: "the next customer",
        before: approved,
        keys: |desk| {
            desk.press("n");
        },
        then: "Whose phone are we checking?",
        count: 1,
    },
    Task {
        name: "a text from a template, until it is delivered",
        before: |desk| {
            desk.press("<F6>");
        },
        keys: |desk| {
            desk.paste("415 555 0100").press("<Enter>1<Enter><Enter>");
            desk.wait(30.0);
        },
        then: "Delivered",
        count: 5,
    },
    Task {
        name: "the whole cycle, with number on file and ticket",
        before: nothing,
        keys: |desk| {
            desk.paste("415 555 0100").press("<Tab>");
            desk.paste("+1 (415) 555-0100")
                .sees("same as the customer record")
                .press("<Tab>48213<Enter>");
            read_code(desk);
            desk.sees("ref 48213").press("y").press("n");
        },
        then: "Whose phone are we checking?",
        count: 18,
    },
];

#[test]
fn each_task_takes_no_more_keys_than_it_must() {
    for task in TASKS {
        let mut desk = Desk::demo("happy");
        (task.before)(&mut desk);
        let before = desk.pressed;
        (task.keys)(&mut desk);
        assert!(
            desk.shows(task.then),
            "{}: {:?} is not seen:\n{}",
            task.name,
            task.then,
            desk.screen()
        );
        assert_eq!(desk.pressed - before, task.count, "{}", task.name);
    }
}
