package org.redisbackup.rdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.redisbackup.support.Streams;
import org.redisbackup.support.ThirdParty;

/** Files of many writers and years: as many keys of each type, expiries and libraries as a reference reader found. */
class ThirdPartyTest {
    private static final RdbLimits ROOMY = new RdbLimits(64 << 20, 1 << 20, 1 << 20);

    private static final class Found {
        final Map<String, Integer> types = new TreeMap<>();
        int keys;
        int expiring;
        int libraries;
    }

    @TestFactory
    Stream<DynamicTest> intactFilesAreReadToTheirEnd() {
        return files(true)
                .map(file -> DynamicTest.dynamicTest(file.getKey(), () -> {
                    JsonNode parsed = file.getValue().get("parsed");
                    for (Streams portions : Streams.values()) {
                        Found found = read(portions, file.getKey());
                        assertThat(found.keys).isEqualTo(parsed.get("keys").asInt());
                        assertThat(found.expiring)
                                .isEqualTo(parsed.get("keysWithExpiry").asInt());
                        Map<String, Integer> types = new TreeMap<>();
                        parsed.get("rdbTypes")
                                .properties()
                                .forEach(type ->
                                        types.put(type.getKey(), type.getValue().asInt()));
                        assertThat(found.types).isEqualTo(types);
                        assertThat(found.libraries)
                                .isEqualTo(parsed.get("functions").asInt()
                                        + parsed.path("otherOpcodes")
                                                .path("function_prega")
                                                .asInt());
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> brokenOnesEndInOneSentence() {
        return files(false)
                .map(file -> DynamicTest.dynamicTest(file.getKey(), () -> {
                    for (Streams portions : Streams.values()) {
                        Throwable failure = catchThrowable(() -> read(portions, file.getKey()));
                        assertThat(failure == null || failure.getCause() instanceof RdbFormatException)
                                .as("%s", failure)
                                .isTrue();
                    }
                }));
    }

    private static Stream<Map.Entry<String, JsonNode>> files(boolean intact) {
        return ThirdParty.files().entrySet().stream()
                .filter(file ->
                        file.getKey().endsWith(".rdb") || file.getValue().has("parsed"))
                .filter(file -> intact == file.getValue().path("parsed").has("keys"));
    }

    private static Found read(Streams portions, String file) throws IOException {
        Found found = new Found();
        byte[] bytes = Files.readAllBytes(ThirdParty.path(file));
        try (BatchReader reader = new BatchReader(portions.of(bytes), ROOMY, 1000, 1 << 20, 1)) {
            while (reader.hasNext()) {
                KeyBatch batch = reader.next();
                found.keys += batch.size();
                found.libraries += batch.functions().size();
                for (int i = 0; i < batch.size(); i++) {
                    found.types.merge(String.valueOf(batch.type(i).id()), 1, Integer::sum);
                    found.expiring += batch.expireAt(i) == KeyBatch.NO_EXPIRY ? 0 : 1;
                }
                batch.release();
            }
        }
        return found;
    }
}
