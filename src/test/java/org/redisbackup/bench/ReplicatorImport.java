package org.redisbackup.bench;

import com.moilioncircle.redis.replicator.Configuration;
import com.moilioncircle.redis.replicator.FileType;
import com.moilioncircle.redis.replicator.RedisReplicator;
import com.moilioncircle.redis.replicator.Replicator;
import com.moilioncircle.redis.replicator.rdb.datatype.DB;
import com.moilioncircle.redis.replicator.rdb.dump.DumpRdbVisitor;
import com.moilioncircle.redis.replicator.rdb.dump.datatype.DumpKeyValuePair;
import java.io.File;
import java.io.IOException;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.params.RestoreParams;

/** What Java programs do with libraries: redis-replicator cuts the file, a Jedis pipeline restores: {@code FILE PORT}. */
final class ReplicatorImport {
    private static final int PIPELINED = 1024;

    private final Pipeline pipeline;
    private long db;
    private int pending;

    private ReplicatorImport(Jedis jedis) {
        pipeline = jedis.pipelined();
    }

    public static void main(String[] arguments) throws IOException {
        try (Jedis jedis = new Jedis("127.0.0.1", Integer.parseInt(arguments[1]), 600_000);
                Replicator replicator =
                        new RedisReplicator(new File(arguments[0]), FileType.RDB, Configuration.defaultSetting())) {
            ReplicatorImport target = new ReplicatorImport(jedis);
            replicator.setRdbVisitor(new DumpRdbVisitor(replicator));
            replicator.addEventListener((source, event) -> {
                if (event instanceof DumpKeyValuePair pair) {
                    target.restore(pair);
                }
            });
            replicator.open();
            target.pipeline.sync();
        }
    }

    private void restore(DumpKeyValuePair pair) {
        DB wanted = pair.getDb();
        if (wanted.getDbNumber() != db) {
            db = wanted.getDbNumber();
            pipeline.select((int) db);
        }
        boolean expires = pair.getExpiredMs() != null;
        RestoreParams parameters = RestoreParams.restoreParams();
        if (expires) {
            parameters.absTtl();
        }
        pipeline.restore(pair.getKey(), expires ? pair.getExpiredMs() : 0, pair.getValue(), parameters);
        if (++pending == PIPELINED) {
            pipeline.sync();
            pending = 0;
        }
    }
}
