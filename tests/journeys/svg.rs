//! A frame of the desk as an SVG, for the README: text stays text, in a dark terminal's colours.

use std::fmt::Write;

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Position;
use ratatui::style::{Color, Modifier};

/// Size of a cell in the picture.
const CELL: (f32, f32) = (8.4, 18.0);
/// Room around the frame.
const EDGE: f32 = 14.0;
const PAPER: &str = "#16181d";
const INK: &str = "#d8dee9";

/// The picture of a frame.
pub fn of(buffer: &Buffer, cursor: Option<Position>) -> String {
    let (width, height) = (buffer.area.width, buffer.area.height);
    let right = f32::from(width).mul_add(CELL.0, 2.0 * EDGE);
    let bottom = f32::from(height).mul_add(CELL.1, 2.0 * EDGE);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {right:.0} {bottom:.0}\" font-family=\"ui-monospace, 'SF Mono', 'DejaVu Sans Mono', Menlo, Consolas, monospace\" font-size=\"14\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{PAPER}\"/>\n"
    );
    for y in 0..height {
        let mut x = 0;
        while x < width {
            let style = look(&buffer[(x, y)]);
            let end = (x..width)
                .find(|&at| look(&buffer[(at, y)]) != style)
                .unwrap_or(width);
            run(&mut svg, buffer, y, x, end);
            x = end;
        }
    }
    if let Some(at) = cursor {
        let (x, y) = corner(at.x, at.y);
        writeln!(
            svg,
            "<rect x=\"{x:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"2\" fill=\"{INK}\"/>",
            y + CELL.1 - 3.0,
            CELL.0
        )
        .unwrap();
    }
    svg.push_str("</svg>\n");
    svg
}

/// Cells of one style in one row. Each word stands at its own column, whatever font the reader has.
fn run(svg: &mut String, buffer: &Buffer, y: u16, start: u16, end: u16) {
    let (ink, paper, bold, underlined) = look(&buffer[(start, y)]);
    if paper != PAPER {
        let (left, top) = corner(start, y);
        writeln!(
            svg,
            "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{:.1}\" height=\"{}\" fill=\"{paper}\"/>",
            f32::from(end - start) * CELL.0,
            CELL.1
        )
        .unwrap();
    }
    let mut x = start;
    while x < end {
        if buffer[(x, y)].symbol().trim().is_empty() {
            x += 1;
            continue;
        }
        let stop = (x..end)
            .find(|&at| buffer[(at, y)].symbol().trim().is_empty())
            .unwrap_or(end);
        let word: String = (x..stop).map(|at| buffer[(at, y)].symbol()).collect();
        let (left, top) = corner(x, y);
        let weight = if bold { " font-weight=\"bold\"" } else { "" };
        let line = if underlined {
            " text-decoration=\"underline\""
        } else {
            ""
        };
        let length = f32::from(stop - x) * CELL.0;
        writeln!(svg, "<text x=\"{left:.1}\" y=\"{:.1}\" textLength=\"{length:.1}\" fill=\"{ink}\"{weight}{line}>{}</text>", top + 13.5, escaped(&word)).unwrap();
        x = stop;
    }
}

fn corner(x: u16, y: u16) -> (f32, f32) {
    (
        f32::from(x).mul_add(CELL.0, EDGE),
        f32::from(y).mul_add(CELL.1, EDGE),
    )
}

fn look(cell: &Cell) -> (&'static str, &'static str, bool, bool) {
    let ink = match cell.fg {
        Color::Green => "#8fbf7f",
        Color::Red => "#e0787f",
        Color::Yellow => "#e6c07b",
        Color::Magenta => "#c594c5",
        Color::Cyan => "#7fc1ca",
        _ if cell.modifier.contains(Modifier::DIM) => "#8a92a3",
        _ => INK,
    };
    let bold = cell.modifier.contains(Modifier::BOLD);
    let underlined = cell.modifier.contains(Modifier::UNDERLINED);
    if cell.modifier.contains(Modifier::REVERSED) {
        (PAPER, ink, bold, underlined)
    } else {
        (ink, PAPER, bold, underlined)
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
