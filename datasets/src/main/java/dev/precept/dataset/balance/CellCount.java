package dev.precept.dataset.balance;

import java.util.List;

/**
 * The samples of a cell.
 *
 * @param values of the columns that make the cell
 * @param available samples that could be taken
 * @param taken of these
 */
public record CellCount(List<String> values, long available, long taken) {}
