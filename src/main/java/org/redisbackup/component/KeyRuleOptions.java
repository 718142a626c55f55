package org.redisbackup.component;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.redisbackup.redis.rules.DatabaseMap;
import org.redisbackup.redis.rules.KeyPattern;
import org.redisbackup.redis.rules.KeyRenaming;
import org.redisbackup.redis.rules.KeyRules;
import org.redisbackup.redis.rules.KeySelection;
import org.redisbackup.redis.rules.TtlPolicy;

/** The options that say which keys are imported, and what they are on the target. */
@UriParams
public class KeyRuleOptions {
    @UriParam(
            label = "rules",
            description =
                    "Patterns of the keys to import, separated by commas: globs as the command KEYS takes them, or regular expressions between slashes. All, if empty.")
    private String includeKeys;

    @UriParam(label = "rules", description = "Patterns of keys to leave out, as for includeKeys.")
    private String excludeKeys;

    @UriParam(
            label = "rules",
            description =
                    "Types of the values to import, as the command TYPE calls them, separated by commas. All, if empty.")
    private String includeTypes;

    @UriParam(label = "rules", description = "Databases of the backup to import, separated by commas. All, if empty.")
    private String includeDatabases;

    @UriParam(label = "rules", description = "What is taken off the start of keys that have it.")
    private String stripPrefix;

    @UriParam(
            label = "rules",
            description = "What is put in front of keys; with stripPrefix, only of those that had it.")
    private String addPrefix;

    @UriParam(
            label = "rules",
            description =
                    "Database of the target that all keys go to. Without it, each keeps the number that it has in the backup.")
    private Integer database;

    @UriParam(
            label = "rules",
            defaultValue = "KEEP",
            description =
                    "What becomes of the expiry of keys: KEEP leaves it, SHIFT gives them as long from now on as they had still to live when the backup was written, PERSIST lets them live for ever.")
    private TtlPolicy.Mode expiry = TtlPolicy.Mode.KEEP;

    @UriParam(
            label = "rules",
            description = "Whether keys whose time is over are imported when expiry or minTtl give them a new one.")
    private boolean reviveExpired;

    @UriParam(
            label = "rules",
            description = "Milliseconds that keys with an expiry live at least from their import on.")
    private long minTtl;

    @UriParam(
            label = "rules",
            description = "Up to how many milliseconds longer keys with an expiry live, each by a share of its own.")
    private long ttlJitter;

    /**
     * What the options say.
     *
     * @throws IllegalArgumentException with a sentence when one of them makes no sense
     */
    KeyRules rules() {
        KeySelection include = new KeySelection(
                list(includeKeys, KeyPattern::parse),
                Set.copyOf(list(includeTypes, Function.identity())),
                Set.copyOf(list(includeDatabases, Integer::valueOf)));
        List<KeyPattern> excluded = list(excludeKeys, KeyPattern::parse);
        return new KeyRules(
                include,
                excluded.isEmpty() ? null : new KeySelection(excluded, Set.of(), Set.of()),
                new KeyRenaming(stripPrefix == null ? "" : stripPrefix, addPrefix == null ? "" : addPrefix),
                database == null ? DatabaseMap.SAME : DatabaseMap.allInto(database),
                new TtlPolicy(expiry, reviveExpired, minTtl, ttlJitter));
    }

    private static <T> List<T> list(String text, Function<String, T> parse) {
        return text == null || text.isBlank()
                ? List.of()
                : Arrays.stream(text.split(",")).map(String::strip).map(parse).collect(Collectors.toList());
    }

    public String getIncludeKeys() {
        return includeKeys;
    }

    public void setIncludeKeys(String includeKeys) {
        this.includeKeys = includeKeys;
    }

    public String getExcludeKeys() {
        return excludeKeys;
    }

    public void setExcludeKeys(String excludeKeys) {
        this.excludeKeys = excludeKeys;
    }

    public String getIncludeTypes() {
        return includeTypes;
    }

    public void setIncludeTypes(String includeTypes) {
        this.includeTypes = includeTypes;
    }

    public String getIncludeDatabases() {
        return includeDatabases;
    }

    public void setIncludeDatabases(String includeDatabases) {
        this.includeDatabases = includeDatabases;
    }

    public String getStripPrefix() {
        return stripPrefix;
    }

    public void setStripPrefix(String stripPrefix) {
        this.stripPrefix = stripPrefix;
    }

    public String getAddPrefix() {
        return addPrefix;
    }

    public void setAddPrefix(String addPrefix) {
        this.addPrefix = addPrefix;
    }

    public Integer getDatabase() {
        return database;
    }

    public void setDatabase(Integer database) {
        this.database = database;
    }

    public TtlPolicy.Mode getExpiry() {
        return expiry;
    }

    public void setExpiry(TtlPolicy.Mode expiry) {
        this.expiry = expiry;
    }

    public boolean isReviveExpired() {
        return reviveExpired;
    }

    public void setReviveExpired(boolean reviveExpired) {
        this.reviveExpired = reviveExpired;
    }

    public long getMinTtl() {
        return minTtl;
    }

    public void setMinTtl(long minTtl) {
        this.minTtl = minTtl;
    }

    public long getTtlJitter() {
        return ttlJitter;
    }

    public void setTtlJitter(long ttlJitter) {
        this.ttlJitter = ttlJitter;
    }
}
