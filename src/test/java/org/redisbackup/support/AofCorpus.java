package org.redisbackup.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
