//! Units as products of powers of symbols with prefixes.
//!
//! Does: give a unit as a factor and the powers of ampere, second, metre, volt and pascal.
//! Does not: know temperatures, which have an offset, or numbers.

/// A base unit: its symbol, whether any case of it is meant, which prefixes it takes, its value in A, s, m, V
/// and Pa, and the powers of these.
struct Base {
    symbol: &'static str,
    any_case: bool,
    prefixes: &'static str,
    value: f64,
    powers: [i32; 5],
}

const AMPERE: [i32; 5] = [1, 0, 0, 0, 0];
const CHARGE: [i32; 5] = [1, 1, 0, 0, 0];
const SECOND: [i32; 5] = [0, 1, 0, 0, 0];
const METRE: [i32; 5] = [0, 0, 1, 0, 0];
const VOLT: [i32; 5] = [0, 0, 0, 1, 0];
const PASCAL: [i32; 5] = [0, 0, 0, 0, 1];

const fn base(symbol: &'static str, prefixes: &'static str, value: f64, powers: [i32; 5]) -> Base {
    Base { symbol, any_case: false, prefixes, value, powers }
}

const fn word(symbol: &'static str, value: f64) -> Base {
    Base { symbol, any_case: true, prefixes: "", value, powers: SECOND }
}

const BASES: [Base; 28] = [
    base("Ah", "num", 3600.0, CHARGE),
    base("A", "num", 1.0, AMPERE),
    base("C", "num", 1.0, CHARGE),
    base("V", "um", 1.0, VOLT),
    base("Pa", "hkM", 1.0, PASCAL),
    base("bar", "mk", 1e5, PASCAL),
    base("atm", "", 101_325.0, PASCAL),
    base("m", "numcd", 1.0, METRE),
    word("s", 1.0),
    base("s", "num", 1.0, SECOND),
    word("sec", 1.0),
    word("secs", 1.0),
    word("second", 1.0),
    word("seconds", 1.0),
    word("min", 60.0),
    word("mins", 60.0),
    word("minute", 60.0),
    word("minutes", 60.0),
    word("h", 3600.0),
    word("hr", 3600.0),
    word("hrs", 3600.0),
    word("hour", 3600.0),
    word("hours", 3600.0),
    word("d", 86_400.0),
    word("day", 86_400.0),
    word("days", 86_400.0),
    word("week", 604_800.0),
    word("weeks", 604_800.0),
];

/// Value and powers of a unit such as `mA/cm2`, `mA cm-2` or `mA h cm^-2`.
pub(super) fn unit_of(unit: &str) -> Option<(f64, [i32; 5])> {
    let spaced = unit.replace(" per ", "/").replace(['·', '*', '(', ')'], " ");
    let (mut value, mut powers) = (1.0, [0; 5]);
    for (part, factors) in spaced.split('/').enumerate() {
        if part > 0 && factors.trim().is_empty() {
            return None;
        }
        for factor in factors.split_whitespace() {
            let end = factor.find(|sign: char| !sign.is_alphabetic()).unwrap_or(factor.len());
            let (symbol, power) = factor.split_at(end);
            let power: i32 = match power.trim_start_matches('^') {
                "" => 1,
                power => power.parse().ok().filter(|power: &i32| (1..=3).contains(&power.abs()))?,
            };
            let power = if part > 0 { -power } else { power };
            let symbols = known(symbol).map(|one| vec![one]).or_else(|| both(symbol))?;
            let last = symbols.len() - 1;
            for (place, (of_symbol, dimension)) in symbols.into_iter().enumerate() {
                // In `mAcm-2` the power belongs to the last symbol.
                let power = match (place == last, part > 0) {
                    (true, _) => power,
                    (false, false) => 1,
                    (false, true) => -1,
                };
                value *= f64::powi(of_symbol, power);
                powers.iter_mut().zip(dimension).for_each(|(sum, one)| *sum += power * one);
            }
        }
    }
    Some((value, powers))
}

/// Two symbols without a space between them: `mAcm`.
fn both(symbols: &str) -> Option<Vec<(f64, [i32; 5])>> {
    symbols.char_indices().skip(1).find_map(|(at, _)| {
        let (first, second) = symbols.split_at(at);
        (second == "cm" || second == "m").then(|| Some(vec![known(first)?, known(second)?])).flatten()
    })
}

/// Value and powers of one symbol with its prefix. The first letter keeps its case.
fn known(symbol: &str) -> Option<(f64, [i32; 5])> {
    BASES.iter().find_map(|base| {
        if base.any_case {
            return symbol.eq_ignore_ascii_case(base.symbol).then_some((base.value, base.powers));
        }
        let same = |found: &str, wanted: &str| {
            found.chars().next() == wanted.chars().next() && found.eq_ignore_ascii_case(wanted)
        };
        if same(symbol, base.symbol) {
            return Some((base.value, base.powers));
        }
        let prefix = symbol.chars().next().map(|sign| if sign == 'µ' { 'u' } else { sign })?;
        let rest = &symbol[symbol.chars().next()?.len_utf8()..];
        let scale = match prefix {
            'n' => 1e-9,
            'u' => 1e-6,
            'm' => 1e-3,
            'c' => 1e-2,
            'd' => 1e-1,
            'h' => 1e2,
            'k' => 1e3,
            'M' => 1e6,
            _ => return None,
        };
        (base.prefixes.contains(prefix) && rest.eq_ignore_ascii_case(base.symbol))
            .then_some((scale * base.value, base.powers))
    })
}
