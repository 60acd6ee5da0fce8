package dev.precept.prompts.format;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.precept.content.Sha256;
import dev.precept.prompts.row.Cells;
import dev.precept.prompts.row.Columns;
import dev.precept.prompts.row.Row;
import dev.precept.prompts.row.UnusableRowException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

/**
 * A row of a delimited file.
 *
 * @param number the line on which it starts
 * @param cells one character per byte (ISO 8859-1)
 */
record DelimitedRow(long number, Columns columns, List<String> cells) implements Row {
    /** Never occurs in UTF-8. */
    private static final byte END_OF_CELL = (byte) 0xFF;

    @Override
    public String location() {
        return String.valueOf(number);
    }

    @Override
    public ObjectNode fields() throws UnusableRowException {
        List<String> names = columns.names();
        if (cells.size() != names.size()) {
            throw UnusableRowException.unreadable(columns(cells.size()) + ", the header has " + names.size()
                    + (cells.size() < names.size() ? "" : "; quote cells that contain the separator"));
        }
        ObjectNode row = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < cells.size(); i++) {
            String text = Cells.text(bytes(cells.get(i)));
            if (!names.get(i).isBlank() && !text.isEmpty()) {
                row.put(names.get(i), text);
            }
        }
        if (names.stream()
                .allMatch(name -> name.isBlank() || isName(name, row.path(name).asText("")))) {
            throw UnusableRowException.unreadable("repeats the header; remove the line");
        }
        return row;
    }

    private static boolean isName(String name, String cell) {
        return cell.equals(name) || cell.equals("\uFEFF" + name);
    }

    @Override
    public String sha256() {
        MessageDigest digest = Sha256.newDigest();
        for (String cell : cells) {
            digest.update(bytes(cell));
            digest.update(END_OF_CELL);
        }
        return Sha256.hex(digest);
    }

    static byte[] bytes(String cell) {
        return cell.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String columns(int count) {
        return count == 1 ? "1 column" : count + " columns";
    }
}
