package org.redisbackup.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import org.redisbackup.aof.AofManifest;
import org.redisbackup.aof.AofManifestException;

/** Any bytes as a manifest: it names files, and not by a path, or is refused. */
class ManifestFuzz {
    @FuzzTest(maxDuration = "3s")
    void parses(byte[] manifest) {
        try {
            assertThat(AofManifest.parse(new String(manifest, StandardCharsets.ISO_8859_1))
                            .files())
                    .isNotEmpty()
                    .noneMatch(name -> name.isEmpty() || name.contains("/"));
        } catch (AofManifestException e) {
            assertThat(e).hasMessageContaining("manifest");
        }
    }
}
