//! Stories: what a terminal sends, what is typed into a field, and what happens to a whole desk.

use super::super::chars::HOSTILE;
use super::super::tape::Recording;

pub fn input() -> Vec<Vec<u8>> {
    let typed =
        |text: &str, gap: u8| -> Vec<u8> { text.bytes().flat_map(|b| [0, gap, b, 0]).collect() };
    vec![
        typed("415 555 0123", 0),
        typed("415 555 0123", 200),
        typed("482913", 1),
        typed("]11;rgb:0000/0000/0000", 0),
        [
            vec![0, 0, b']', 164],
            typed("11;rgb:ffff/ffff/ffff", 0),
            vec![0, 0, b'g', 162],
        ]
        .concat(),
        [
            vec![0, 0, b']', 164],
            typed("11;rgb:zz/ffff/ffff", 0),
            vec![0, 0, b'\\', 164],
        ]
        .concat(),
        [vec![255, 0], Recording::default().text("Hello\u{1b}").0].concat(),
    ]
}

pub fn field() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for lines in [0, 1] {
        for text in HOSTILE {
            let seed = Recording::default()
                .byte(lines)
                .byte(0)
                .text(text)
                .byte(5)
                .byte(6)
                .byte(0);
            seeds.push(
                seed.byte(1)
                    .text(text)
                    .byte(200)
                    .byte(5)
                    .byte(4)
                    .rest([0, 5, 8, 0]),
            );
        }
    }
    seeds
}

pub fn desk() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for (at, _) in HOSTILE.iter().enumerate() {
        let at = at as u8;
        // A text is sent, the customer answers, the history is opened.
        seeds.push(vec![
            at % 7,
            0,
            1,
            at,
            1,
            5,
            2,
            8,
            9,
            11,
            0,
            at,
            8,
            60,
            5,
            4,
            0,
            0,
            8,
            200,
        ]);
        // A check under an odd answer.
        seeds.push(vec![
            at % 2,
            0,
            1,
            at,
            0,
            9,
            1,
            at,
            0,
            at,
            4,
            0,
            8,
            3,
            15,
            0,
            8,
            200,
        ]);
        // Pasted everywhere.
        seeds.push(vec![
            at % 2,
            0,
            0,
            0,
            1,
            4,
            0,
            6,
            at,
            0,
            1,
            5,
            2,
            6,
            at,
            5,
            4,
            6,
            at,
            5,
            6,
            6,
            at,
        ]);
    }
    for leaf in 0..28 {
        for odd in [11, 12, 13, 5, 6] {
            seeds.push(vec![
                0, 0, 1, 3, 1, 9, 1, leaf, 2, odd, 4, 0, 8, 20, 5, 2, 8, 100, 15, 0,
            ]);
        }
    }
    for header in 0..4 {
        for odd in [5, 11, 12, 13, 14] {
            seeds.push(vec![
                0, 0, 1, 3, 1, 9, 4, header, 2, odd, 4, 0, 8, 20, 5, 2, 8, 100, 15, 0,
            ]);
        }
    }
    seeds
}

pub fn lines() -> Vec<Vec<u8>> {
    (0..HOSTILE.len() as u8)
        .map(|at| {
            vec![
                at % 8,
                at,
                2,
                1,
                1,
                5,
                2,
                0,
                1,
                5,
                0,
                at,
                0,
                1,
                2,
                at,
                0,
                at,
                9,
                2,
                6,
                1,
                9,
                2,
                3,
                1,
                9,
            ]
        })
        .collect()
}
