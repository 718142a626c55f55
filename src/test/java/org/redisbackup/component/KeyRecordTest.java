package org.redisbackup.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.TypeConversionException;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.Test;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.support.RdbFile;

class KeyRecordTest extends CamelTestSupport {
    private static final long EXPIRY = 4_102_444_800_000L;
    private static final RdbFile FILE = new RdbFile("REDIS0010")
            .string("plain", "value")
            .db(3)
            .expireAt(EXPIRY)
            .idle(77)
            .string("k\u00e9y", "")
            .frequency(200)
            .string("third", "3");

    @Override
    protected RoutesBuilder createRouteBuilder() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:key")
                        .filter(simple("${bodyAs(org.redisbackup.component.KeyRecord).db} == 3"))
                        .setBody(simple("${bodyAs(org.redisbackup.component.KeyRecord).key}"));
            }
        };
    }

    private List<KeyBatch> batches(RdbFile file, int batchKeys) {
        List<KeyBatch> batches = new ArrayList<>();
        new BatchReader(file.open(), RdbLimits.forThisHeap(), batchKeys, 4096, 0).forEachRemaining(batches::add);
        return batches;
    }

    private KeyRecord recordOf(KeyBatch batch) {
        return context.getTypeConverter().convertTo(KeyRecord.class, batch);
    }

    @Test
    void saysWhatTheFileSays() {
        List<KeyRecord> records = batches(FILE, 1).stream().map(this::recordOf).toList();
        assertThat(records)
                .containsExactly(
                        new KeyRecord(0, "plain", "string", null, null, null, 6, 9),
                        new KeyRecord(
                                3,
                                "k\u00e9y",
                                "string",
                                EXPIRY,
                                77L,
                                null,
                                1,
                                records.get(1).offset()),
                        new KeyRecord(
                                3,
                                "third",
                                "string",
                                null,
                                null,
                                200,
                                2,
                                records.get(2).offset()));
    }

    @Test
    void showsBytesThatAreNoText() {
        KeyBatch batch = batches(
                        new RdbFile("REDIS0010").raw((byte) 0, (byte) 2, (byte) 'a', (byte) 0xff, (byte) 1, (byte) 'v'),
                        1)
                .get(0);
        assertThat(recordOf(batch).key()).isEqualTo("a\ufffd");
        assertThat(batch.key(0)).containsExactly(0x61, 0xff);
    }

    @Test
    void isUsedInExpressions() {
        assertThat(batches(FILE, 1).stream()
                        .map(batch -> template.requestBody("direct:key", batch))
                        .filter(String.class::isInstance))
                .containsExactly("k\u00e9y", "third");
    }

    @Test
    void refusesSeveralKeys() {
        KeyBatch three = batches(FILE, 100).get(0);
        assertThatThrownBy(() -> context.getTypeConverter().mandatoryConvertTo(KeyRecord.class, three))
                .isInstanceOf(TypeConversionException.class)
                .hasMessageContaining("a batch of 3 keys is no single record: set batchKeys=1");
    }

    @Test
    void hasNothingToSayAboutFunctionLibraries() {
        KeyBatch libraries =
                batches(new RdbFile("REDIS0010").function("#!lua name=x\n"), 1).get(0);
        assertThat(libraries.size()).isZero();
        assertThat(recordOf(libraries)).isNull();
    }
}
