//! Lying bars, in groups with a name above each, drawn by plotters.

use std::fmt::Display;

use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;

use crate::failure::Failure;
use crate::numbers::real;

/// One bar.
#[derive(Debug)]
pub(super) struct Bar {
    /// How long it is.
    pub(super) value: f64,
    /// Between what the figures lie that it stands for.
    pub(super) spread: Option<(f64, f64)>,
    /// What stands behind it.
    pub(super) told: String,
}

/// Bars that belong together.
#[derive(Debug)]
pub(super) struct Group {
    /// What stands above them.
    pub(super) name: String,
    /// The bars, from above.
    pub(super) bars: Vec<Bar>,
    /// What each of them must reach.
    pub(super) required: Option<f64>,
}

/// What lengths mean.
#[derive(Debug, Clone, Copy)]
pub(super) enum Scale {
    /// Twice as long is twice as much.
    Linear,
    /// The same length is the same factor.
    Logarithmic,
}

/// Which colour is what.
type Colours = [(u8, u8, u8); 3];

const WIDTH: u32 = 760;
/// The height of a bar, of a name, of a gap between groups: by the height of a bar.
const LINE: u32 = 18;
/// What is above and below the bars.
const AROUND: u32 = 100;
const GAP: f64 = 0.5;
const TEXT: i32 = 16;
const TITLE: i32 = 20;

const GREY: RGBColor = RGBColor(50, 50, 50);
const RED: RGBColor = RGBColor(190, 40, 40);

/// A chart of lengths and lines.
type Chart<'a, 'b> = ChartContext<'a, SVGBackend<'b>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// Draws a plot as SVG; the legend names the bars of a group by their colours.
pub(super) fn draw(
    title: &str,
    groups: &[Group],
    legend: [&str; 3],
    colours: Colours,
    scale: Scale,
) -> Result<String, Failure> {
    let lines: usize = groups.iter().map(|group| group.bars.len() + 2).sum();
    let height = u32::try_from(lines)
        .unwrap_or(u32::MAX)
        .saturating_mul(LINE)
        .saturating_add(AROUND);
    let mut drawn = String::new();
    {
        let root = SVGBackend::with_string(&mut drawn, (WIDTH, height)).into_drawing_area();
        root.fill(&WHITE).map_err(failed)?;
        let below = root.titled(title, font(TITLE)).map_err(failed)?;
        let (top, below) = below.split_vertically(22);
        explain(&top, legend, colours)?;
        let (low, high) = scale.range(groups);
        let mut chart = ChartBuilder::on(&below)
            .margin(12)
            .margin_left(24)
            .x_label_area_size(28)
            .build_cartesian_2d(low..high, all_lines(groups)..0.0)
            .map_err(failed)?;
        chart
            .configure_mesh()
            .disable_y_mesh()
            .disable_y_axis()
            .x_label_formatter(&|place| scale.told(*place))
            .x_label_style(font(TEXT))
            .light_line_style(WHITE)
            .bold_line_style(RGBColor(225, 225, 225))
            .axis_style(GREY)
            .draw()
            .map_err(failed)?;
        let mut line = 0.0;
        for group in groups {
            line = add(&mut chart, group, line, (low, high), colours, scale)?;
        }
        root.present().map_err(failed)?;
    }
    Ok(drawn)
}

/// Says which colour is what.
fn explain(
    area: &DrawingArea<SVGBackend<'_>, Shift>,
    legend: [&str; 3],
    colours: Colours,
) -> Result<(), Failure> {
    let mut at = 12;
    for (text, colour) in legend.into_iter().zip(colours) {
        if text.is_empty() {
            continue;
        }
        let square = Rectangle::new([(at, 5), (at + 10, 15)], colour_of(colour).filled());
        area.draw(&square).map_err(failed)?;
        let text = Text::new(text, (at + 15, 4), font(TEXT));
        area.draw(&text).map_err(failed)?;
        at += 60;
    }
    Ok(())
}

/// Adds a group from this line on, and says where the next one begins.
fn add(
    chart: &mut Chart<'_, '_>,
    group: &Group,
    first: f64,
    (low, high): (f64, f64),
    colours: Colours,
    scale: Scale,
) -> Result<f64, Failure> {
    let name = Text::new(group.name.clone(), (low, first + 0.25), font(TEXT));
    chart.draw_series([name]).map_err(failed)?;
    let mut line = first + 1.0;
    for (bar, colour) in group.bars.iter().zip(colours) {
        let mut end = scale.place(bar.value);
        let (above, below, middle) = (line + 0.1, line + 0.9, line + 0.5);
        let corners = [(low, above), (end, below)];
        let body = Rectangle::new(corners, colour_of(colour).filled());
        chart.draw_series([body]).map_err(failed)?;
        if let Some((least, most)) = bar.spread {
            let (least, most) = (scale.place(least), scale.place(most));
            let ends = [(least, middle), (most, middle)];
            let whisker = PathElement::new(ends, GREY.stroke_width(2));
            chart.draw_series([whisker]).map_err(failed)?;
            end = end.max(most);
        }
        let after = (end + (high - low) * 0.008, line + 0.2);
        let told = Text::new(bar.told.clone(), after, font(TEXT));
        chart.draw_series([told]).map_err(failed)?;
        line += 1.0;
    }
    if let Some(required) = group.required {
        let place = scale.place(required);
        let ends = [(place, first + 0.9), (place, line + 0.1)];
        let mark = PathElement::new(ends, RED.stroke_width(2));
        chart.draw_series([mark]).map_err(failed)?;
    }
    Ok(line + GAP)
}

impl Scale {
    /// Where a value lies.
    fn place(self, value: f64) -> f64 {
        match self {
            Self::Linear => value,
            Self::Logarithmic => value.max(0.001).log10(),
        }
    }

    /// What is told of a place.
    fn told(self, place: f64) -> String {
        match self {
            Self::Linear => format!("{place:.1}"),
            Self::Logarithmic => {
                let value = 10_f64.powf(place);
                if value < 1.0 {
                    format!("{value:.2}")
                } else {
                    format!("{value:.0}")
                }
            }
        }
    }

    /// From where to where: there is room for what is told behind the longest bar.
    fn range(self, groups: &[Group]) -> (f64, f64) {
        let bars = groups.iter().flat_map(|group| &group.bars);
        let ends = bars.flat_map(|bar| [bar.value, bar.spread.map_or(bar.value, |(_, most)| most)]);
        let ends = ends.chain(groups.iter().filter_map(|group| group.required));
        let places: Vec<f64> = ends.map(|end| self.place(end)).collect();
        let most = places.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let least = places.iter().copied().fold(f64::INFINITY, f64::min);
        match self {
            Self::Linear => (0.0, most.max(1.0) * 1.12),
            Self::Logarithmic if places.is_empty() => (0.0, 1.0),
            Self::Logarithmic => {
                let low = (least - 0.2).floor();
                (low, most + (most - low) * 0.12)
            }
        }
    }
}

/// How many lines all groups take.
fn all_lines(groups: &[Group]) -> f64 {
    let lines = |group: &Group| 1.0 + GAP + real(u64::try_from(group.bars.len()).unwrap_or(0));
    groups.iter().map(lines).sum::<f64>().max(1.0)
}

fn font(size: i32) -> TextStyle<'static> {
    ("sans-serif", size).into_font().color(&BLACK)
}

fn colour_of((red, green, blue): (u8, u8, u8)) -> RGBColor {
    RGBColor(red, green, blue)
}

fn failed(error: impl Display) -> Failure {
    Failure::new(format!("a plot cannot be drawn: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(name: &str, values: &[f64], required: Option<f64>) -> Group {
        Group {
            name: name.to_owned(),
            bars: values
                .iter()
                .map(|&value| Bar {
                    value,
                    spread: Some((value * 0.9, value * 1.1)),
                    told: format!("told {value}"),
                })
                .collect(),
            required,
        }
    }

    const COLOURS: Colours = [(1, 2, 3), (4, 5, 6), (7, 8, 9)];

    fn drawn(scale: Scale) -> String {
        let groups = [
            group("a <b> & \"c\"", &[0.5], Some(0.75)),
            group("second", &[0.9, 40.0], None),
        ];
        draw("A <title> & more", &groups, ["p50", "", ""], COLOURS, scale).unwrap()
    }

    /// Whether every element is closed in its turn, and nothing in it looks like one by accident.
    fn is_well_formed(text: &str) -> bool {
        let mut open: Vec<&str> = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('<') {
            let Some((tag, next)) = after.split_once('>') else {
                return false;
            };
            if before.contains('>') || tag.contains('<') || tag.matches('"').count() % 2 == 1 {
                return false;
            }
            let entities = before.split('&').skip(1);
            if entities.into_iter().any(|entity| !entity.contains(';')) {
                return false;
            }
            if let Some(name) = tag.strip_prefix('/') {
                if open.pop() != Some(name) {
                    return false;
                }
            } else if !tag.ends_with('/') && !tag.starts_with('?') {
                open.push(tag.split_whitespace().next().unwrap());
            }
            rest = next;
        }
        open.is_empty() && rest.trim().is_empty()
    }

    #[test]
    fn plots_are_well_formed_whatever_they_say() {
        for scale in [Scale::Linear, Scale::Logarithmic] {
            let drawn = drawn(scale);
            assert!(drawn.starts_with("<svg "), "{drawn}");
            assert!(drawn.ends_with("</svg>\n"), "{drawn}");
            assert!(is_well_formed(&drawn), "{drawn}");
            assert!(!drawn.contains("NaN") && !drawn.contains("inf"), "{drawn}");
        }
        assert!(!is_well_formed("<svg><g></svg></g>"));
        assert!(!is_well_formed("<svg>a & b</svg>"));
        assert!(!is_well_formed("<svg a=\"b></svg>"));
    }

    #[test]
    fn longer_bars_are_longer() {
        let widths: Vec<u32> = drawn(Scale::Linear)
            .lines()
            .filter(|line| line.starts_with("<rect") && line.contains("#010203"))
            .filter_map(|line| {
                line.split_once("width=\"")?
                    .1
                    .split('"')
                    .next()?
                    .parse()
                    .ok()
            })
            .collect();
        // The first is the square of the legend.
        assert_eq!(widths.len(), 3);
        assert!(widths[1] < widths[2], "{widths:?}");
    }

    #[test]
    fn a_range_has_room_for_everything() {
        let groups = [group("a", &[0.02, 30.0], Some(50.0))];
        let (low, high) = Scale::Logarithmic.range(&groups);
        assert!(low < 0.018_f64.log10() && high > 50_f64.log10());
        let (low, high) = Scale::Linear.range(&groups);
        assert!(low.abs() < 1e-9 && high > 50.0);
        assert_eq!(Scale::Logarithmic.range(&[]), (0.0, 1.0));
    }
}
