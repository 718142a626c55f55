package org.redisbackup.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.redisbackup.app.embedded.EmbeddedRedis;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Protocol;

/**
 * Makes the files that measurements use, with a real server: {@code DataSets DIRECTORY NAME...} writes {@code
 * DIRECTORY/NAME.rdb} for the names {@code a} (2 million small strings), {@code b} (180,000 keys of all kinds), {@code
 * c} (72 values of 1 to 10 MB), {@code d} (2 million keys, half of them strings with an expiry, half of them hashes of
 * 10 fields) and {@code big} (more than 1 GB, one string of it 200 MB). The same file each time.
 */
public final class DataSets {
    private static final int PIPELINED = 1000;
    private static final int MIB = 1 << 20;

    private final Random random = new Random(1);
    private final Jedis jedis;
    private Pipeline pipeline;
    private int pending;

    private DataSets(Jedis jedis) {
        this.jedis = jedis;
        pipeline = jedis.pipelined();
    }

    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]).toAbsolutePath();
        Files.createDirectories(directory);
        for (int i = 1; i < arguments.length; i++) {
            make(directory, arguments[i]);
        }
    }

    static void make(Path directory, String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name + ".rdb")); // the server would load it
        Path program = EmbeddedRedis.program(Path.of("target/embedded"));
        String compression = name.equals("big") ? "no" : "yes";
        try (EmbeddedRedis server = EmbeddedRedis.start(
                        program, directory, "--dbfilename", name + ".rdb", "--rdbcompression", compression);
                Jedis jedis = new Jedis("127.0.0.1", server.port(), 600_000)) {
            DataSets data = new DataSets(jedis);
            switch (name) {
                case "a" -> data.smallStrings(2_000_000);
                case "b" -> data.mixed(180_000);
                case "c" -> data.large(72);
                case "d" -> data.expiringAndHashes(2_000_000);
                case "big" -> data.big();
                default -> throw new IllegalArgumentException("no data set is called " + name);
            }
            data.pipeline.sync();
            jedis.save();
            System.out.printf(
                    "%s.rdb: %,d keys, %,d bytes%n",
                    name, jedis.dbSize(), Files.size(directory.resolve(name + ".rdb")));
        }
    }

    private void smallStrings(int keys) {
        for (int i = 0; i < keys; i++) {
            pipeline.set(bytes("user:%010d:name".formatted(i)), noise(20 + random.nextInt(60)));
            sent();
        }
    }

    private void mixed(int keys) {
        for (int i = 0; i < keys; i++) {
            byte[] key = bytes("object:" + i);
            switch (i % 12) {
                case 0, 1, 2, 3 -> pipeline.set(key, noise(60 + random.nextInt(400)));
                case 4 -> pipeline.set(key, text(2000 + random.nextInt(8000)));
                case 5 -> pipeline.psetex(key, 10_000_000_000L + i, noise(100));
                case 6, 7 -> hash(key, 10 + random.nextInt(40), 24);
                case 8 -> hash(key, 200, 24);
                case 9 -> pipeline.rpush(key, elements(200));
                case 10 -> pipeline.sadd(key, elements(100));
                default -> {
                    for (byte[] member : elements(64)) {
                        pipeline.zadd(key, random.nextDouble(), member);
                    }
                }
            }
            sent();
        }
    }

    private void expiringAndHashes(int keys) {
        for (int i = 0; i < keys; i++) {
            byte[] key = bytes("session:" + i);
            if (i % 2 == 0) {
                pipeline.psetex(key, 10_000_000_000L + i, noise(60));
            } else {
                hash(key, 10, 8);
            }
            sent();
        }
    }

    private void large(int values) {
        for (int i = 0; i < values; i++) {
            byte[] key = bytes("large:" + i);
            int size = (1 + i % 10) * MIB;
            switch (i % 3) {
                case 0 -> pipeline.set(key, noise(size));
                case 1 -> {
                    for (int part = 0; part < size; part += 100 * 1000) {
                        pipeline.rpush(key, elements(1000, 100));
                    }
                }
                default -> {
                    for (int part = 0; part < size; part += 200 * 500) {
                        hash(key, 500, 170);
                    }
                }
            }
            pipeline.sync();
        }
    }

    private void big() {
        for (int i = 0; i < 1_000_000; i++) {
            pipeline.set(bytes("row:" + i), noise(1000));
            sent();
        }
        pipeline.sync();
        byte[] part = noise(MIB);
        for (int i = 0; i < 200; i++) {
            jedis.setrange(bytes("huge"), (long) i * MIB, part);
        }
    }

    private void sent() {
        if (++pending == PIPELINED) {
            pipeline.sync();
            pipeline = jedis.pipelined();
            pending = 0;
        }
    }

    private void hash(byte[] key, int fields, int valueSize) {
        byte[][] arguments = new byte[1 + 2 * fields][];
        arguments[0] = key;
        for (int i = 1; i < arguments.length; i += 2) {
            arguments[i] = bytes("field:" + random.nextInt());
            arguments[i + 1] = noise(valueSize);
        }
        pipeline.sendCommand(Protocol.Command.HSET, arguments);
    }

    private byte[][] elements(int count) {
        return elements(count, 16);
    }

    private byte[][] elements(int count, int size) {
        byte[][] elements = new byte[count][];
        for (int i = 0; i < count; i++) {
            elements[i] = noise(size);
        }
        return elements;
    }

    private byte[] noise(int size) {
        byte[] noise = new byte[size];
        random.nextBytes(noise);
        return noise;
    }

    private byte[] text(int size) {
        StringBuilder text = new StringBuilder(size + 40);
        while (text.length() < size) {
            text.append("{\"id\":").append(random.nextInt()).append(",\"name\":\"a name\",\"tags\":[1,2,3]}");
        }
        return bytes(text.toString());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
