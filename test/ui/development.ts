// The test runner compiles JSX for React's development build, which React only is when NODE_ENV says so at its first import.
process.env.NODE_ENV = 'development';
