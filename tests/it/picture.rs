//! The README's picture is what the program draws: the test renders the screen again and compares.
//!
//! To renew it after a change of the screen: `UPDATE_PICTURE=1 cargo test --test it picture`, then look at it.

use std::fmt::Write;
use std::path::PathBuf;

use crate::terminal::{Launch, PATIENCE, Terminal};

const SIZE: (u16, u16) = (96, 24);
/// One cell, in the picture's units.
const CELL: (f32, f32) = (8.4, 18.0);
const MARGIN: f32 = 14.0;
const FOREGROUND: &str = "#d4d4d4";
const BACKGROUND: &str = "#1e1e1e";

/// The terminal's own sixteen, as a common dark theme has them.
const COLOURS: [&str; 16] = [
    "#1e1e1e", "#f14c4c", "#23d18b", "#e5c07b", "#3b8eea", "#d670d6", "#29b8db", "#d4d4d4", "#808080", "#f14c4c",
    "#23d18b", "#f5f543", "#3b8eea", "#d670d6", "#29b8db", "#ffffff",
];

#[test]
fn the_readme_shows_the_real_roles_screen() {
    let terminal = Launch::rolecall(&["setup", "--demo"]).size(SIZE).start();
    terminal.wait_for("You are user/operator", PATIENCE);
    terminal.press("Enter");
    terminal.wait_for("is a Quilt stack", PATIENCE);
    terminal.press("Enter");
    terminal.wait_for("as it should be", PATIENCE);
    terminal.wait_until("the end of all look-ups", PATIENCE, |output| !output.text().contains("asking AWS"));
    terminal.settle(std::time::Duration::from_millis(400));
    let svg = render(&terminal);
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("assets/roles.svg");
    if std::env::var_os("UPDATE_PICTURE").is_some() {
        std::fs::write(&path, &svg).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == svg,
        "assets/roles.svg is not what the program draws; renew it with UPDATE_PICTURE=1 and look at it"
    );
}

/// A live call takes another time in each run: the digits before "ms" stand for any.
fn is_time(screen: &vt100::Screen, row: u16, column: u16) -> bool {
    let at = |column: u16| screen.cell(row, column).map(vt100::Cell::contents).unwrap_or_default();
    let digit = |column: u16| at(column).chars().all(|c| c.is_ascii_digit()) && !at(column).is_empty();
    let end = (column..SIZE.0).find(|column| !digit(*column)).unwrap_or(column);
    end > column && [at(end), at(end + 1), at(end + 2)].concat().trim() == "ms"
}

fn render(terminal: &Terminal) -> String {
    let (columns, rows) = SIZE;
    let (width, height) = (f32::from(columns) * CELL.0 + 2.0 * MARGIN, f32::from(rows) * CELL.1 + 2.0 * MARGIN);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" font-family=\"ui-monospace, \
         'DejaVu Sans Mono', Menlo, Consolas, monospace\" font-size=\"14\">\n<title>The roles screen of rolecall</title>\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{BACKGROUND}\"/>\n"
    );
    terminal.look(|screen| {
        for row in 0..rows {
            for column in 0..columns {
                if let Some(cell) = screen.cell(row, column) {
                    let text = if is_time(screen, row, column) { "8" } else { cell.contents() };
                    put(&mut svg, row, column, cell, text);
                }
            }
        }
    });
    svg.push_str("</svg>\n");
    svg
}

fn put(svg: &mut String, row: u16, column: u16, cell: &vt100::Cell, text: &str) {
    let (x, y) = (MARGIN + f32::from(column) * CELL.0, MARGIN + f32::from(row) * CELL.1);
    let (mut ink, mut paper) = (colour(cell.fgcolor(), FOREGROUND), colour(cell.bgcolor(), BACKGROUND));
    if cell.inverse() {
        std::mem::swap(&mut ink, &mut paper);
    }
    if paper != BACKGROUND {
        let (width, height) = (CELL.0 + 0.3, CELL.1);
        writeln!(svg, "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"{paper}\"/>")
            .unwrap();
    }
    if text.trim().is_empty() {
        return;
    }
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let bold = if cell.bold() { " font-weight=\"bold\"" } else { "" };
    let dim = if cell.dim() { " opacity=\"0.6\"" } else { "" };
    let line = if cell.underline() { " text-decoration=\"underline\"" } else { "" };
    let baseline = y + 13.5;
    writeln!(svg, "<text x=\"{x:.1}\" y=\"{baseline:.1}\" fill=\"{ink}\"{bold}{dim}{line}>{text}</text>").unwrap();
}

fn colour(colour: vt100::Color, default: &'static str) -> &'static str {
    match colour {
        vt100::Color::Idx(index) => COLOURS.get(usize::from(index)).copied().unwrap_or(default),
        vt100::Color::Default | vt100::Color::Rgb(..) => default,
    }
}
