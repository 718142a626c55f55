package org.redisbackup.rdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.redisbackup.rdb.decode.ValueDecoder;
import org.redisbackup.support.Corpus;

/** {@code src/docs/format-coverage.md} has a row for all that the code knows, and names proofs that are there. */
class FormatCoverageTest {
    private static final Path DOCUMENT = Path.of("src/docs/format-coverage.md");
    private static final Path CORPUS = Path.of("src/test/resources/corpus");
    private static final Path TESTS = Path.of("src/test/java");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    @Test
    void everyValueTypeHasItsRow() throws IOException {
        List<List<String>> rows = rows("Value types");
        assertThat(firstCells(rows)).containsExactlyElementsOf(names(ValueType.values()));
        for (List<String> row : rows) {
            ValueType type = ValueType.valueOf(code(row.get(0)).get(0));
            assertThat(row.subList(1, 4))
                    .as("id, kind and dialect of %s", type)
                    .containsExactly(String.valueOf(type.id()), type.logicalName(), dialect(type.onlyIn()));
            assertThat(row.get(5)).as("stamp of %s", type).isEqualTo(String.valueOf(type.stampVersion()));
            assertThat(row.get(6))
                    .as("reading of %s", type)
                    .isEqualTo(ValueDecoder.isDecodable(type) ? "streamed" : "whole");
            assertThat(row.get(8).equals("no")).as("decoding of %s", type).isEqualTo(!ValueDecoder.isDecodable(type));
            assertThat(row.get(9).startsWith("not at all"))
                    .as("restoring of %s", type)
                    .isEqualTo(!type.isRestorable());
        }
    }

    @Test
    void theFixtureOfATypeHasAValueOfIt() throws IOException {
        for (List<String> row : rows("Value types")) {
            ValueType type = ValueType.valueOf(code(row.get(0)).get(0));
            assertThat(code(last(row)))
                    .as("a fixture with %s", type)
                    .filteredOn(proof -> proof.startsWith("good/"))
                    .isNotEmpty()
                    .allSatisfy(proof -> assertThat(typesIn(proof.substring("good/".length())))
                            .contains(type));
        }
    }

    private static Set<ValueType> typesIn(String file) throws IOException {
        Dialect dialect =
                Corpus.parsed(file).get("magic").asText().startsWith("VALKEY") ? Dialect.VALKEY : Dialect.REDIS;
        return Corpus.truth(file).stream()
                .map(truth -> ValueType.of(dialect, truth.type()))
                .collect(Collectors.toSet());
    }

    @Test
    void everyOpcodeHasItsRow() throws IOException {
        List<List<String>> rows = rows("Markers");
        assertThat(firstCells(rows)).containsExactlyElementsOf(names(Opcode.values()));
        for (List<String> row : rows) {
            Opcode opcode = Opcode.valueOf(code(row.get(0)).get(0));
            int id = Integer.parseInt(row.get(1));
            Stream<Dialect> dialects = Stream.of(Dialect.values()).filter(dialect -> Opcode.of(dialect, id) == opcode);
            assertThat(dialects.map(FormatCoverageTest::dialect).collect(Collectors.joining(", ")))
                    .as("dialects of %s as %s", opcode, id)
                    .isEqualTo(row.get(2).equals("both") ? "Redis, Valkey" : row.get(2));
        }
    }

    @Test
    void everyProofExists() throws IOException {
        Set<String> tests;
        try (Stream<Path> sources = Files.walk(TESTS)) {
            tests = sources.map(source -> source.getFileName().toString()).collect(Collectors.toSet());
        }
        List<List<String>> rows = document()
                .lines()
                .filter(line -> line.startsWith("## "))
                .flatMap(heading -> rows(heading.substring(3)).stream())
                .toList();
        assertThat(rows).filteredOn(row -> !last(row).equals("none")).allSatisfy(row -> {
            assertThat(code(last(row))).as("proofs of %s", row.get(0)).isNotEmpty();
            assertThat(code(last(row)))
                    .allMatch(proof -> proof.endsWith("Test")
                            ? tests.contains(proof + ".java")
                            : Files.exists(CORPUS.resolve(proof)));
        });
    }

    /** The cells of the table below a heading, without those of its head. */
    private static List<List<String>> rows(String heading) {
        String section = "";
        for (String candidate : document().split("\n## ")) {
            section = candidate.startsWith(heading + "\n") ? candidate : section;
        }
        List<List<String>> rows = section.lines()
                .filter(line -> line.startsWith("|"))
                .skip(2)
                .map(line -> Stream.of(line.substring(1).split("\\|"))
                        .map(String::strip)
                        .toList())
                .toList();
        assertThat(rows).as("table of %s", heading).isNotEmpty();
        return rows;
    }

    private static String document() {
        try {
            return Files.readString(DOCUMENT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> firstCells(List<List<String>> rows) {
        return rows.stream().flatMap(row -> code(row.get(0)).stream()).toList();
    }

    private static List<String> names(Enum<?>[] constants) {
        return Stream.of(constants).map(Enum::name).toList();
    }

    private static String last(List<String> row) {
        return row.get(row.size() - 1);
    }

    private static List<String> code(String cell) {
        return CODE.matcher(cell).results().map(found -> found.group(1)).toList();
    }

    private static String dialect(Dialect dialect) {
        return dialect == null ? "both" : dialect == Dialect.REDIS ? "Redis" : "Valkey";
    }
}
