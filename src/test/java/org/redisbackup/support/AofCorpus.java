package org.redisbackup.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.redisbackup.aof.AofManifest;
import org.redisbackup.aof.AofPart;

/** The append-only backups made by real servers, and what those held. */
public final class AofCorpus {
    private static final Path ROOT = Path.of("src/test/resources/corpus/aof");

    private AofCorpus() {}

    /** Names of all backups. */
    public static List<String> names() {
        try (Stream<Path> folders = Files.list(ROOT)) {
            return folders.map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The server that wrote it, such as redis-7.0.15. */
    public static String server(String name) throws IOException {
        return truth(name).get("server").asText();
    }

    /** Whether a server knows all commands of the backup and makes the same digest of the same keys as its writer. */
    public static boolean isKnown(String name, RedisServers.Program program) {
        try {
            String[] writer = server(name).split("-");
            boolean newer = program.version().compareTo(writer[1]) >= 0;
            boolean sameDigests = isNew(program.name(), program.version()) == isNew(writer[0], writer[1]);
            return program.name().equals(writer[0]) && newer && sameDigests;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Since 7.2 zsets of the same content have another digest. */
    private static boolean isNew(String name, String version) {
        return name.equals("valkey") || version.compareTo("7.2") >= 0;
    }

    /** The bytes of its files by their names, with the folder of a backup of several files. */
    public static Map<String, byte[]> files(String name) throws IOException {
        Path folder = ROOT.resolve(name);
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> found = Files.walk(folder)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                files.put(folder.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        files.remove("truth.json");
        return files;
    }

    /** {@code DEBUG DIGEST} of a server of this version that loaded the backup, else of its writer that did. */
    public static String digest(String name, String server) throws IOException {
        JsonNode truth = truth(name);
        String ofWriter = truth.path("digestAfterReload")
                .asText(truth.get("digestBeforeRestart").asText());
        return truth.path("digestLoadedBy").path(server).asText(ofWriter);
    }

    private static JsonNode truth(String name) throws IOException {
        return new ObjectMapper()
                .readTree(ROOT.resolve(name).resolve("truth.json").toFile());
    }

    public static List<AofPart> parts(String name, Streams portions) throws IOException {
        return parts(ROOT.resolve(name), portions);
    }

    /** The files of a folder of either kind: one file, or several and a manifest. */
    public static List<AofPart> parts(Path folder, Streams portions) throws IOException {
        Path directory = folder.resolve("appendonlydir");
        if (!Files.exists(directory)) {
            return List.of(part(folder.resolve("appendonly.aof"), "", portions));
        }
        Path manifest = directory.resolve("appendonly.aof.manifest");
        return AofManifest.parse(Files.readString(manifest, StandardCharsets.ISO_8859_1)).files().stream()
                .map(file -> part(directory.resolve(file), file, portions))
                .toList();
    }

    private static AofPart part(Path file, String name, Streams portions) {
        return new AofPart(name, () -> portions.of(Files.readAllBytes(file)));
    }
}
