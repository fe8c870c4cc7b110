//! What a figure says of itself.

use crate::report::Figure;

fn figure(at_most: f64, measured: Option<f64>) -> Figure {
    Figure { what: "x".into(), at_most, measured, unit: "ms" }
}

#[test]
fn a_figure_says_whether_it_holds() {
    assert_eq!(figure(1.0, Some(1.0)).row(), "| x | 1 ms | 1 ms | yes |");
    assert_eq!(figure(0.7, Some(0.714)).row(), "| x | 0.7 ms | 0.71 ms | **no** |");
    assert_eq!(figure(20_000.0, None).row(), "| x | 20000 ms | – | not measured |");
}
