package org.redisbackup.aof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Manifests that are right; those that are not are among the files of {@link HostileAofTest} too. */
class AofManifestTest {
    @Test
    void theBaseComesFirstAndReplacedFilesNotAtAll() throws AofManifestException {
        AofManifest manifest = AofManifest.parse(
                """
                # a comment
                file a.1.base.rdb seq 1 type h
                file a.2.incr.aof seq 2 type i startoffset 867
                type b seq 2 file a.2.base.rdb unknown pair
                file "b \\"c\\x64.incr.aof" seq 7 type i
                """);
        assertThat(manifest.files()).containsExactly("a.2.base.rdb", "a.2.incr.aof", "b \"cd.incr.aof");
    }

    @Test
    void aBrokenLineIsNamed() {
        refuses(
                "file a seq 1 type x\n",
                "line 1 of the manifest, \"file a seq 1 type x\", is of a type that is none of b, h and i");
        refuses(
                "file a seq b type i\n",
                "line 1 of the manifest, \"file a seq b type i\", has a \"seq\" that is no number");
        refuses(
                "file \"a seq 1 type b\n",
                "line 1 of the manifest, \"file \"a seq 1 type b\", has a quote that does not end");
        refuses("file \"\" seq 1 type b\n", "line 1 of the manifest, \"file \"\" seq 1 type b\", names no file");
        refuses("file a seq 1 type i\n", "the manifest names no base file");
        refuses("# nothing\n", "the manifest names no base file");
        refuses(
                "file " + "a".repeat(1100) + " seq 1 type b\n",
                "line 1 of the manifest, \"file " + "a".repeat(35) + "...\", is longer than 1023 bytes");
    }

    private static void refuses(String manifest, String sentence) {
        assertThatThrownBy(() -> AofManifest.parse(manifest))
                .isInstanceOf(AofManifestException.class)
                .hasMessage(sentence);
    }
}
