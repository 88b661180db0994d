//! What was found, as a table for the terminal, as CSV and as a page with figures.
//!
//! Does: put misses first.
//! Does not: judge.

use super::{Figure, Finding};
use std::fmt::Write;

/// The findings, misses first, else in their order.
fn misses_first(findings: &[Finding]) -> Vec<&Finding> {
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by_key(|finding| finding.holds());
    sorted
}

fn verdict(finding: &Finding) -> &'static str {
    if finding.holds() { "holds" } else { "MISSED" }
}

/// A number with the digits that a reader wants.
fn number(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 || (1e-3..1e5).contains(&size) {
        let text = format!("{value:.4}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        format!("{value:.2e}")
    }
}

/// "2.57 ± 0.013".
fn value(finding: &Finding) -> String {
    let measured = &finding.measured;
    match measured.standard_error {
        Some(error) => format!("{} ± {}", number(measured.value), number(error)),
        None => number(measured.value),
    }
}

/// A table for the terminal.
#[must_use]
pub fn table(findings: &[Finding]) -> String {
    let rows: Vec<[String; 5]> = misses_first(findings)
        .into_iter()
        .map(|finding| {
            [
                verdict(finding).into(),
                finding.law.name.into(),
                value(finding),
                finding.law.bound.to_string(),
                finding.measured.seeds.to_string(),
            ]
        })
        .collect();
    let heads = ["", "law", "value", "bound", "seeds"].map(str::to_owned);
    let width = |column: usize| {
        let cells = rows.iter().chain([&heads]).map(|row| row[column].chars().count());
        cells.max().unwrap_or(0)
    };
    let widths: [usize; 5] = std::array::from_fn(width);
    let mut text = String::new();
    for row in [&heads].into_iter().chain(&rows) {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        let line = cells.collect::<Vec<_>>().join("  ");
        text += line.trim_end();
        text.push('\n');
    }
    let missed = findings.iter().filter(|finding| !finding.holds()).count();
    let _ = writeln!(text, "\n{} of {} laws hold.", findings.len() - missed, findings.len());
    text
}

/// A table for other programs.
#[must_use]
pub fn csv(findings: &[Finding]) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut text = "law,verdict,value,standard_error,seeds,bound,how,because\n".to_owned();
    for finding in misses_first(findings) {
        let error = finding.measured.standard_error.map(|error| error.to_string()).unwrap_or_default();
        let law = finding.law;
        let cells = [
            quoted(law.name),
            verdict(finding).to_lowercase(),
            finding.measured.value.to_string(),
            error,
            finding.measured.seeds.to_string(),
            quoted(&law.bound.to_string()),
            quoted(law.how),
            quoted(law.because),
        ];
        text += &cells.join(",");
        text.push('\n');
    }
    text
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#212529}\
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #dee2e6}\
.missed{color:#b02a37;font-weight:600}.holds{color:#146c43}svg{display:block;margin:1rem 0}small{color:#5f6770}";

/// A page with the table, and for every law what was measured, why the bound is what it is, and its figure.
#[must_use]
pub fn html(findings: &[Finding]) -> String {
    let missed = findings.iter().filter(|finding| !finding.holds()).count();
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Natrarium: laws</title><style>{STYLE}</style>\n\
        <h1>The laws of the model</h1>\n<p>Natrarium {}: {} of {} laws hold.</p>\n\
        <table><tr><th>Law<th>Value<th>Bound<th>Seeds<th>Verdict</tr>\n",
        env!("CARGO_PKG_VERSION"),
        findings.len() - missed,
        findings.len()
    );
    for finding in misses_first(findings) {
        let class = if finding.holds() { "holds" } else { "missed" };
        let _ = writeln!(
            page,
            "<tr><td>{}<td>{}<td>{}<td>{}<td class=\"{class}\">{}</tr>",
            escaped(finding.law.name),
            value(finding),
            escaped(&finding.law.bound.to_string()),
            finding.measured.seeds,
            verdict(finding)
        );
    }
    page += "</table>\n";
    for finding in misses_first(findings) {
        let law = finding.law;
        let _ = writeln!(
            page,
            "<h2>{}</h2>\n<p>{}</p>\n<p><small>Bound: {}. {}</small></p>",
            escaped(law.name),
            escaped(law.how),
            escaped(&law.bound.to_string()),
            escaped(law.because)
        );
        if let Some(figure) = &finding.measured.figure {
            page += &svg(figure);
        }
    }
    page + "</html>\n"
}

/// Size of a figure, and the room for its axes.
const SIZE: [f64; 2] = [560.0, 300.0];
const MARGIN: f64 = 56.0;

fn svg(figure: &Figure) -> String {
    const COLOURS: [&str; 4] = ["#0d6efd", "#d9480f", "#146c43", "#6f42c1"];
    let points =
        || figure.lines.iter().flat_map(|(_, line)| line).filter(|p| p.iter().all(|c| c.is_finite()));
    let ends = |axis: usize| {
        let (low, high) = points()
            .fold((f64::MAX, f64::MIN), |(low, high), point| (low.min(point[axis]), high.max(point[axis])));
        // From zero, so that a difference looks as large as it is.
        (low.min(0.0), if high > low.min(0.0) { high } else { low.min(0.0) + 1.0 })
    };
    let ((left, right), (low, high)) = (ends(0), ends(1));
    let across = |x: f64| MARGIN + (x - left) / (right - left) * (SIZE[0] - 1.5 * MARGIN);
    let down = |y: f64| SIZE[1] - MARGIN - (y - low) / (high - low) * (SIZE[1] - 1.5 * MARGIN);
    let mut text = format!(
        "<svg width=\"{}\" height=\"{}\" role=\"img\" font-family=\"sans-serif\" font-size=\"13\">\n\
        <path d=\"M{a} {b}V{c}H{d}\" fill=\"none\" stroke=\"#495057\"/>\n",
        SIZE[0],
        SIZE[1],
        a = across(left),
        b = down(high),
        c = down(low),
        d = across(right)
    );
    let mut write = |x: f64, y: f64, anchor: &str, words: &str| {
        let _ = writeln!(
            text,
            "<text x=\"{x:.0}\" y=\"{y:.0}\" text-anchor=\"{anchor}\">{}</text>",
            escaped(words)
        );
    };
    for x in [left, right] {
        write(across(x), down(low) + 18.0, "middle", &number(x));
    }
    for y in [low, high] {
        write(across(left) - 6.0, down(y) + 4.0, "end", &number(y));
    }
    write(across(0.5 * (left + right)), SIZE[1] - 12.0, "middle", figure.axes[0]);
    write(across(left), 14.0, "start", figure.axes[1]);
    for ((name, line), colour) in figure.lines.iter().zip(COLOURS.iter().cycle()) {
        let places: Vec<String> =
            line.iter().map(|[x, y]| format!("{:.1},{:.1}", across(*x), down(*y))).collect();
        let _ =
            writeln!(text, "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\"/>", places.join(" "));
        if line.len() <= 40 {
            for [x, y] in line {
                let _ = writeln!(
                    text,
                    "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"3\" fill=\"{colour}\"/>",
                    across(*x),
                    down(*y)
                );
            }
        }
        if let Some([x, y]) = line.last() {
            let (x, y) = (across(*x) - 6.0, down(*y) - 8.0);
            let _ = writeln!(
                text,
                "<text x=\"{x:.0}\" y=\"{y:.0}\" text-anchor=\"end\" fill=\"{colour}\">{}</text>",
                escaped(name)
            );
        }
    }
    text + "</svg>\n"
}

#[cfg(test)]
mod tests {
    use super::super::{LAWS, Measured};
    use super::*;

    fn findings() -> Vec<Finding> {
        let figure =
            Figure { axes: ["x, m", "y < z"], lines: vec![("found".into(), vec![[0.0, 1.0], [1.0, 2.0]])] };
        let all = LAWS.into_iter().flatten().take(3);
        let measured = [Measured::exact(0.0), Measured::mean_of(&[7.0, 8.0]), Measured::exact(1.0)];
        all.zip(measured)
            .map(|(law, measured)| Finding {
                law,
                measured: Measured { figure: Some(figure.clone()), ..measured },
            })
            .collect()
    }

    #[test]
    fn misses_come_first_in_every_report() {
        let table = table(&findings());
        assert!(table.lines().nth(1).is_some_and(|line| line.starts_with("MISSED")), "{table}");
        assert!(table.contains("2 of 3 laws hold.") && table.contains("7.5 ± 0.5"), "{table}");
        let csv = csv(&findings());
        assert!(csv.lines().nth(1).is_some_and(|line| line.contains(",missed,7.5,0.5,2,")), "{csv}");
        assert_eq!(csv.lines().count(), 4);
        let page = html(&findings());
        assert!(page.contains("y &lt; z") && page.contains("<polyline"), "{page}");
    }

    #[test]
    fn figures_of_nothing_and_of_no_numbers_are_drawn() {
        for line in [vec![], vec![[f64::NAN, 1.0]], vec![[2.0, 2.0]]] {
            let drawn = svg(&Figure { axes: ["x", "y"], lines: vec![("found".into(), line)] });
            assert!(drawn.ends_with("</svg>\n"));
        }
    }
}
