package org.redisbackup.rdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Crc64Test {
    @Test
    void givesTheCheckValue() {
        byte[] data = "123456789".getBytes(StandardCharsets.US_ASCII);
        assertThat(Crc64.update(0, data, 0, data.length)).isEqualTo(0xe9c6d914c4b8d9caL);
    }

    @Test
    void doesNotDependOnHowTheBytesArePortioned() {
        byte[] data = new byte[3 * Crc64.TWO_LANES + 1000];
        new Random(1).nextBytes(data);
        for (int length : new int[] {0, 1, 7, 8, 15, 16, 17, 31, 1000, Crc64.TWO_LANES, data.length - 3}) {
            long byByte = 42;
            for (int i = 3; i < 3 + length; i++) {
                byByte = Crc64.update(byByte, data[i]);
            }
            assertThat(Crc64.update(42, data, 3, length)).as("%s bytes", length).isEqualTo(byByte);
        }
    }

    @Test
    void theChecksumOfAPartFollowsFromTheRunningOne() {
        byte[] data = new byte[100_000];
        new Random(2).nextBytes(data);
        long before = Crc64.update(0, data, 0, 1234);
        for (int length : new int[] {1, 255, 256, 65_535, 65_536, 98_766}) {
            long after = Crc64.update(before, data, 1234, length);
            assertThat(after ^ Crc64.shift(before, length)).isEqualTo(Crc64.update(0, data, 1234, length));
        }
    }
}
