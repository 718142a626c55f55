package org.redisbackup.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** The backups made by real servers, and what is known about each. */
public final class Corpus {
    private static final Path ROOT = Path.of("src/test/resources/corpus");
    private static final JsonNode MANIFEST = manifest();

    private Corpus() {}

    private static JsonNode manifest() {
        try {
            return new ObjectMapper()
                    .readTree(ROOT.resolve("manifest.json").toFile())
                    .get("files");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One key of a file, as the table of truth has it. */
    public record Truth(
            int db,
            String keyHex,
            int type,
            String logical,
            long elements,
            long expireAt,
            long idleSeconds,
            int frequency,
            long valueOffset,
            long valueLength,
            String sha1) {}

    /** Names of all valid files. */
    public static Stream<String> good() {
        List<String> names = new ArrayList<>();
        MANIFEST.fieldNames().forEachRemaining(names::add);
        return names.stream().sorted();
    }

    public static Path file(String name) {
        return ROOT.resolve("good").resolve(name);
    }

    public static byte[] bytes(String name) throws IOException {
        return Files.readAllBytes(file(name));
    }

    /** The whole entry of the manifest. */
    public static JsonNode entry(String name) {
        return MANIFEST.get(name);
    }

    /** What a reference reader found in the file. */
    public static JsonNode parsed(String name) {
        return entry(name).get("parsed");
    }

    public static List<Truth> truth(String name) throws IOException {
        Path table = ROOT.resolve("truth").resolve(name + ".tsv.gz");
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(table)), StandardCharsets.US_ASCII))) {
            return lines.lines()
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .map(Corpus::truthOf)
                    .toList();
        }
    }

    private static Truth truthOf(String line) {
        String[] cells = line.split("\t");
        return new Truth(
                Integer.parseInt(cells[0]),
                cells[1].equals("(empty)") ? "" : cells[1],
                Integer.parseInt(cells[2]),
                cells[3],
                cells[4].equals("-") ? -1 : Long.parseLong(cells[4]),
                Long.parseLong(cells[5]),
                cells[6].equals("-") ? -1 : Long.parseLong(cells[6]),
                cells[7].equals("-") ? -1 : Integer.parseInt(cells[7]),
                Long.parseLong(cells[8]),
                Long.parseLong(cells[9]),
                cells[10]);
    }
}
