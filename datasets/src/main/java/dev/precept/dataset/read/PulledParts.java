package dev.precept.dataset.read;

import dev.precept.dataset.view.Split;
import dev.precept.dataset.view.View;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The views and splits of a version that a folder has, as the card in it names them: a loader fails on a configuration without
 * files, so the card of a pulled folder names only what was pulled. Immutable.
 */
public final class PulledParts {
    /** The keys of the front matter that list views: Parquet, and JSON lines. */
    private static final List<String> CONFIGS = List.of("configs:", "json_lines:");

    private static final String END = "---";
    private static final Pattern CONFIG = Pattern.compile("- config_name: (?<view>\\S+)");
    private static final Pattern SPLIT = Pattern.compile("  - split: (?<split>\\S+)");

    private final Map<View, Set<Split>> parts;

    private PulledParts(Map<View, Set<Split>> parts) {
        this.parts = parts;
    }

    /** No part. */
    public static PulledParts none() {
        return new PulledParts(Map.of());
    }

    /** The parts that the configurations of a card name. */
    public static PulledParts of(String card) {
        Map<View, Set<Split>> parts = new EnumMap<>(View.class);
        Optional<View> view = Optional.empty();
        for (String line : frontMatter(card)) {
            Matcher config = CONFIG.matcher(line);
            Matcher split = SPLIT.matcher(line);
            if (config.matches()) {
                view = View.byLabel(config.group("view"));
            } else if (split.matches() && view.isPresent()) {
                Set<Split> splits = parts.computeIfAbsent(view.get(), _ -> EnumSet.noneOf(Split.class));
                Split.byLabel(split.group("split")).ifPresent(splits::add);
            }
        }
        return new PulledParts(parts);
    }

    private static List<String> frontMatter(String card) {
        List<String> lines = card.lines().toList();
        int end = lines.isEmpty() || !lines.getFirst().equals(END)
                ? -1
                : lines.subList(1, lines.size()).indexOf(END);
        return end < 0 ? List.of() : lines.subList(0, end + 1);
    }

    /** These parts and one more. */
    PulledParts with(View view, Split split) {
        Map<View, Set<Split>> more = new EnumMap<>(View.class);
        parts.forEach((each, splits) -> more.put(each, EnumSet.copyOf(splits)));
        more.computeIfAbsent(view, _ -> EnumSet.noneOf(Split.class)).add(split);
        return new PulledParts(more);
    }

    PulledParts and(PulledParts others) {
        PulledParts all = this;
        for (Map.Entry<View, Set<Split>> part : others.parts.entrySet()) {
            for (Split split : part.getValue()) {
                all = all.with(part.getKey(), split);
            }
        }
        return all;
    }

    public boolean isEmpty() {
        return parts.isEmpty();
    }

    public boolean contains(View view, Split split) {
        return parts.getOrDefault(view, Set.of()).contains(split);
    }

    /** The file is in a folder of a view. */
    public static boolean isOfView(Path relative) {
        return relative.getNameCount() > 1
                && View.byLabel(relative.getName(0).toString()).isPresent();
    }

    /** The card of a version with the configurations of these parts only; unchanged if it names no other. */
    String restrict(String card) {
        if (of(card).parts.equals(parts)) {
            return card;
        }
        List<String> lines = new ArrayList<>();
        boolean isInConfigs = false;
        boolean isDefaultSet = false;
        String heading = ""; // of a list that is written with its first view
        Optional<View> view = Optional.empty();
        boolean isKept = true;
        boolean isBody = false;
        for (String line : card.lines().toList()) {
            Matcher config = CONFIG.matcher(line);
            Matcher split = SPLIT.matcher(line);
            if (!isBody && CONFIGS.contains(line)) {
                isInConfigs = true;
                isDefaultSet = !line.equals(CONFIGS.getFirst());
                heading = line;
                continue;
            } else if (isBody || !isInConfigs) {
                isInConfigs = false;
            } else if (!line.startsWith(" ") && !config.matches()) {
                isInConfigs = false; // another key, or the end
                isKept = true;
            } else if (config.matches()) {
                view = View.byLabel(config.group("view"));
                isKept = view.filter(parts::containsKey).isPresent();
                if (isKept) {
                    if (!heading.isEmpty()) {
                        lines.add(heading);
                    }
                    heading = "";
                    lines.add(line);
                    if (!isDefaultSet) {
                        lines.add("  default: true");
                    }
                    isDefaultSet = true;
                }
                continue;
            } else if (line.equals("  default: true")) {
                continue;
            } else if (split.matches()) {
                isKept = view.isPresent()
                        && Split.byLabel(split.group("split"))
                                .filter(parts.getOrDefault(view.get(), Set.of())::contains)
                                .isPresent();
            }
            if (isKept) {
                lines.add(line);
            }
            if (!isBody && line.equals(END) && lines.size() > 1) {
                isBody = true;
                lines.add("");
                lines.add("> **A part of the version**: " + this + ".");
                lines.add("> What follows describes all of it.");
            }
        }
        return String.join("\n", lines) + "\n";
    }

    /** Such as {@code `sft` (train, validation), `raw` (train)}. */
    @Override
    public String toString() {
        return parts.entrySet().stream()
                .map(part -> "`" + part.getKey().label() + "` ("
                        + part.getValue().stream().map(Split::label).collect(Collectors.joining(", ")) + ")")
                .collect(Collectors.joining(", "));
    }
}
