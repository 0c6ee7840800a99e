import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

const TYPED = ['**/*.ts', '**/*.svelte'];
/** The web has a program of its own: in one with the server's and the tests', each component linted would build all three anew. */
const WEB = ['web/**', 'vite.config.ts'];
/** The only doors to the environment: one for the hub; setup runs before the hub exists; tests start programs in their own. */
const MAY_READ_ENVIRONMENT = ['server/platform/env.ts', 'bootstrap/**', 'tests/**'];

const environmentRule = [
  'error',
  {
    object: 'process',
    property: 'env',
    message: 'server/platform/env.ts reads the environment, config.ts decides.',
  },
];

/** The TypeScript programs in which rules look types up. */
function programOf(...project) {
  return {
    parserOptions: { project, tsconfigRootDir: import.meta.dirname, extraFileExtensions: ['.svelte'] },
  };
}

export default ts.config(
  {
    ignores: [
      'build/',
      'data/',
      '.svelte-kit/',
      '.cache/',
      '.library/',
      'web/lib/paraglide/',
      'web/node_modules/',
      'web/static/',
      'web/project.inlang/',
      'tests/output/',
      'drizzle/migrations/',
    ],
  },
  js.configs.recommended,
  {
    languageOptions: { globals: globals.node },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      'max-lines': ['error', { max: 400 }],
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-restricted-properties': environmentRule,
      'no-restricted-syntax': [
        'error',
        // no-empty lets a comment pass for a statement; a swallowed error needs one that does something.
        { selector: 'CatchClause > BlockStatement[body.length=0]', message: 'Every error reaches someone.' },
      ],
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: 'node:process',
              importNames: ['env'],
              message: 'server/platform/env.ts reads the environment.',
            },
          ],
        },
      ],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  { files: MAY_READ_ENVIRONMENT, rules: { 'no-restricted-properties': 'off' } },
  // What TypeScript itself must see through types: files that a tsconfig names.
  { files: TYPED, extends: [ts.configs.recommendedTypeChecked] },
  svelte.configs.recommended,
  {
    files: TYPED,
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Rooms are plain objects of functions: no method of theirs needs its `this`.
      '@typescript-eslint/unbound-method': 'off',
      // A service's verbs are async by contract, whether today's body waits or not.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: TYPED,
    ignores: WEB,
    languageOptions: programOf('./tsconfig.server.json', './tsconfig.tests.json'),
  },
  {
    files: ['web/**/*.ts', 'vite.config.ts'],
    languageOptions: programOf('./web/tsconfig.json'),
  },
  // svelte-check sees through their types. Here each component would cost a program of its own, a second and more.
  {
    files: ['**/*.svelte'],
    extends: [ts.configs.disableTypeChecked],
    rules: { 'svelte/no-unused-props': 'off', 'svelte/require-store-reactive-access': 'off' },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      globals: globals.browser,
      // As svelte.config.js has it for our own files, without the functions that the lint's cache cannot write down.
      parserOptions: { parser: ts.parser, svelteConfig: { compilerOptions: { runes: true } } },
    },
    rules: {
      // Props and stores of components are `let` by Svelte's own rules.
      'prefer-const': 'off',
      // The hub is served at the root of its address, never under a base path.
      'svelte/no-navigation-without-resolve': 'off',
    },
  },
  { files: ['web/**'], languageOptions: { globals: globals.browser } },
  {
    // expect.any() and parsed answers are `any` until the assertion that looks at them.
    files: ['tests/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
    },
  },
  // Inside page.evaluate() a test speaks in the browser.
  { files: ['tests/**'], languageOptions: { globals: globals.browser } },
  prettier,
  svelte.configs.prettier,
);
