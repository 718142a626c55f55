package org.redisbackup.support;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Backups out of other projects' test folders, where they lie beside this one; they are not ours to pass on. */
public final class ThirdParty {
    private static final Path ROOT = Path.of("../shared/thirdparty");

    private ThirdParty() {}

    /** By path, what is known about each file; skips the test that asks when the files are not there. */
    public static Map<String, JsonNode> files() {
        Path manifest = ROOT.resolve("manifest.json");
        assumeTrue(Files.exists(manifest), "no third-party backups lie in " + ROOT);
        try {
            Map<String, JsonNode> files = new TreeMap<>();
            new ObjectMapper()
                    .readTree(manifest.toFile())
                    .get("files")
                    .properties()
                    .forEach(file -> files.put(file.getKey(), file.getValue()));
            files.values().removeIf(known -> known.has("sameAs"));
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Path path(String file) {
        return ROOT.resolve(file);
    }
}
