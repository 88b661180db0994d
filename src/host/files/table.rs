//! A table of numbers as heights.

use super::{FileFault, bytes, fault, open};

/// Most numbers of a table.
const MOST_NUMBERS: usize = 10_000_000;

/// Number of columns, and the numbers, the upper row first. Columns are separated by semicolons, tabs, commas
/// or spaces; lines that begin with # are left out.
pub(super) fn read(path: &str) -> Result<(usize, Vec<f32>), FileFault> {
    let (file, _) = open(path)?;
    let text = String::from_utf8(bytes(path, file, "take fewer rows and columns")?);
    let text = text.map_err(|_| fault(path, "is not a text in UTF-8", "save it as CSV in UTF-8"))?;
    let lines = text.trim_start_matches('\u{feff}').lines().enumerate();
    let mut lines = lines.filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#')).peekable();
    let Some((_, first)) = lines.peek() else {
        return Err(fault(path, "holds no numbers", "write rows of heights, separated by commas"));
    };
    let sign = [';', '\t', ','].into_iter().find(|sign| first.contains(*sign));
    let (mut columns, mut values) = (0, Vec::new());
    for (number, line) in lines {
        let place = number + 1;
        let before = values.len();
        let mut take = |word: &str| {
            let value = word.parse().ok().filter(|value: &f32| value.is_finite());
            let value = value.ok_or_else(|| {
                let short: String = word.chars().take(20).collect();
                let what = format!("has “{short}” in line {place}, which is no finite number");
                fault(path, what, "write numbers with a decimal point, and # before a line of words")
            })?;
            if values.len() == MOST_NUMBERS {
                let what = format!("holds more than {MOST_NUMBERS} numbers");
                return Err(fault(path, what, "take fewer rows and columns"));
            }
            values.push(value);
            Ok(())
        };
        match sign {
            Some(sign) => {
                line.trim().trim_end_matches(sign).split(sign).map(str::trim).try_for_each(&mut take)?
            }
            None => line.split_whitespace().try_for_each(&mut take)?,
        }
        let here = values.len() - before;
        if before == 0 {
            columns = here;
        } else if here != columns {
            let what = format!("has {here} numbers in line {place}, but {columns} in the first row");
            return Err(fault(path, what, "give every row the same number of columns"));
        }
    }
    Ok((columns, values))
}
