package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.support.RdbFile;

class KeyFailureTest {
    private static KeyFailure ofKey(String key) throws IOException {
        RdbFile file = new RdbFile(Imports.MAGIC).db(7).string(key, "value");
        try (BatchReader reader = Imports.reader(file.open(), Imports.LIMITS)) {
            KeyBatch batch = reader.next();
            return KeyFailure.ofKey(KeyOutcome.FAILED, batch, 0, "a reason");
        }
    }

    @Test
    void namesTheRecord() throws IOException {
        assertThat(ofKey("user:1"))
                .isEqualTo(new KeyFailure(null, KeyOutcome.FAILED, 7, "user:1", "user:1", "string", 11, "a reason"));
    }

    @Test
    void escapesWhatIsNotPrintable() throws IOException {
        assertThat(ofKey("a b\r\n\\~\u007f\u00e9").key()).isEqualTo("a b\\x0d\\x0a\\x5c~\\x7f\\xc3\\xa9");
        assertThat(ofKey("").key()).isEmpty();
    }

    @Test
    void cutsLongKeys() throws IOException {
        assertThat(ofKey("k".repeat(1000)).key()).isEqualTo("k".repeat(256));
        assertThat(ofKey("k".repeat(254) + "\n").key()).isEqualTo("k".repeat(254));
    }

    @Test
    void namesFunctionLibraries() throws IOException {
        assertThat(function("#!lua name=mylib\ncode").key()).isEqualTo("mylib");
        assertThat(function("#!js api_version=1.0 name=other\ncode").key()).isEqualTo("other");
        assertThat(function("#!lua\nlocal name=x").key()).isEmpty();
        assertThat(function("code").key()).isEmpty();
    }

    private static KeyFailure function(String code) throws IOException {
        RdbFile file = new RdbFile(Imports.MAGIC).function(code);
        try (BatchReader reader = Imports.reader(file.open(), Imports.LIMITS)) {
            KeyBatch batch = reader.next();
            return KeyFailure.ofFunction(batch, batch.functions().get(0), "a reason");
        }
    }
}
